"""The words a user sees on paper, in sheets and on the command line: code → (Chinese, English).

Names of models, families, options and policies come from the catalogue, never from here.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

LANGUAGES = ("zh", "en")

FIELDS: Words = {
	"id": ("意向订单号", "Intent order"),
	"title_zh": ("摘要", "Subject"),
	"order_type": ("订单类型", "Order type"),
	"customer": ("客户", "Customer"),
	"customer.name": ("客户名称", "Customer"),
	"customer.class": ("客户档案类别", "Customer class on file"),
	"customer.new": ("新客户", "New customer"),
	"customer_class": ("客户类别(政策资格)", "Customer class (for policies)"),
	"dealer": ("经销商", "Dealer"),
	"market_department": ("市场部", "Market department"),
	"salesperson": ("业务员", "Salesperson"),
	"order_date": ("订单日期", "Order date"),
	"quotation_date": ("报价日期", "Quotation date"),
	"requested_delivery": ("要求交货期", "Requested delivery"),
	"committed_delivery": ("承诺交货期", "Committed delivery"),
	"earliest_delivery": ("最早可交货期", "Earliest delivery"),
	"model": ("车型", "Model"),
	"grade": ("车辆等级", "Vehicle grade"),
	"use": ("用途", "Use"),
	"qty": ("数量(台)", "Quantity"),
	"dest_stage": ("目的国排放阶段", "Emission stage at destination"),
	"price_book": ("价格表", "Price book"),
	"payment_mode": ("付款方式", "Payment mode"),
	"currency": ("币种", "Currency"),
	"fx": ("汇率(人民币/外币)", "Exchange rate (CNY per unit)"),
	"deposit_pct": ("定金比例(%)", "Deposit (%)"),
	"negotiated_unit": ("洽谈单价", "Negotiated unit price"),
	"claimed.base": ("申报基准价", "Claimed base price"),
	"livery_files": ("图案文件(以;分隔)", "Livery files (separated by ;)"),
	"evidence": ("证明材料(以;分隔)", "Evidence (separated by ;)"),
	"internal.cost_centre": ("成本中心", "Cost centre"),
	"internal.purpose_zh": ("内部用途", "Purpose"),
	"internal.disposal_zh": ("后续处置", "Disposal"),
	"request_no": ("申请单号", "Request number"),
	"name_zh": ("名称", "Name"),
	"unit_price": ("单价(元/台)", "Price per vehicle (CNY)"),
	"floor_price": ("底价", "Floor price"),
	"cost": ("成本", "Cost"),
	"valid_to": ("价格有效期至", "Price valid to"),
	"lead_days": ("附加周期(天)", "Extra lead time (days)"),
}

ORDER_TYPES: Words = {
	"Direct": ("直销", "Direct"),
	"Dealer": ("经销商", "Dealer"),
	"Tender": ("招投标", "Tender"),
	"Internal": ("内部", "Internal"),
	"Stock": ("库存", "Stock"),
	"Export": ("出口", "Export"),
}

USES: Words = {
	"intercity": ("公路客运", "Intercity"),
	"tourism": ("旅游", "Tourism"),
	"staff": ("通勤", "Staff"),
	"city": ("城市公交", "City"),
	"school": ("校车", "School"),
	"export": ("出口", "Export"),
}

GRADES: Words = {
	"NA": ("不适用", "not applicable"),
	"PT": ("普通级", "ordinary"),
	"ZJ": ("中级", "medium"),
	"G1": ("高一级", "high 1"),
	"G2": ("高二级", "high 2"),
	"G3": ("高三级", "high 3"),
}

PAYMENT_MODES: Words = {
	"full_before_delivery": ("提车前全款", "Full payment before delivery"),
	"instalment": ("分期付款", "Instalments"),
	"net_30": ("交车后30天", "30 days after delivery"),
	"lc_sight": ("即期信用证", "Letter of credit at sight"),
	"internal": ("内部结算", "Internal settlement"),
}

CUSTOMER_CLASSES: Words = {
	"normal": ("普通客户", "Normal"),
	"key_account": ("大客户", "Key account"),
	"internal": ("内部单位", "Internal"),
}

SERVICES: Words = {
	"freight": ("运费", "Freight"),
	"registration": ("上牌", "Registration"),
	"inland_freight": ("国内运费", "Inland freight"),
	"port_charges": ("港杂费", "Port charges"),
}

CURRENCIES: Words = {
	"CNY": ("人民币", "yuan"),
	"USD": ("美元", "US dollar"),
	"EUR": ("欧元", "euro"),
}

DEPARTMENTS: Words = {
	"SALESOPS": ("销售业务部", "Sales Operations"),
	"MARKET-N": ("北方市场部", "North Market Department"),
	"MARKET-S": ("南方市场部", "South Market Department"),
	"MARKET-W": ("西部市场部", "West Market Department"),
	"MARKET-X": ("海外市场部", "Overseas Market Department"),
	"TECH": ("技术中心", "Technical Centre"),
	"PLAN": ("综合计划部", "Planning"),
	"MKTPLAN": ("营销企划部", "Marketing Planning"),
	"MKTMGT": ("市场管理部", "Market Management"),
	"QA": ("品质管理部", "Quality Management"),
	"SERVICE": ("客户服务部", "Customer Service"),
	"PRODMGT": ("生管部", "Production Management"),
	"FIN": ("财务部", "Finance"),
	"SUPPLY": ("供应部", "Supply"),
}

SHOPS: Words = {
	"chassis": ("底盘车间", "Chassis"),
	"welding": ("焊装车间", "Welding"),
	"paint": ("涂装车间", "Paint"),
	"interior": ("内饰车间", "Interior"),
	"final": ("总装车间", "Final assembly"),
	"none": ("无", "none"),
}

POLICY_STATES: Words = {
	"counts": ("计入", "counts"),
	"not_claimed": ("未申请", "not claimed"),
	"shadowed": ("被替代", "beaten"),
	"expired": ("不在期", "not in date"),
	"not_applicable": ("不适用", "not applicable"),
}

VERDICTS: Words = {
	"clear": ("通过", "clear"),
	"advice": ("有提示", "advice"),
	"error": ("有错误", "error"),
}

REVIEW_STATES: Words = {
	"Draft": ("草稿,尚未提交评审", "draft, not submitted yet"),
	"Submitted": ("已提交,待受理", "submitted, not received yet"),
	"Received": ("已受理,评审中", "received, in review"),
	"Under Opinions": ("会签中", "under opinions"),
	"Consolidating": ("会签结束,汇总中", "opinions given, being consolidated"),
	"Price Approval": ("价格审批中", "price approval"),
	"Returned": ("退回", "returned"),
	"Vetoed": ("否决", "vetoed"),
	"Withdrawn": ("撤回", "withdrawn"),
	"Valid": ("有效", "valid"),
	"Converted": ("有效,已转合同", "valid, contracted"),
	"Expired": ("失效", "expired"),
}
"""Status of an intent order → how far its review is, for a reader of paper."""

SEVERITIES: Words = {
	"error": ("错误", "error"),
	"warning": ("提示", "warning"),
}

FINDINGS: Words = {
	"CFG_NOT_OFFERED": ("车型不提供", "Not offered"),
	"CFG_MISSING": ("配置缺项", "Missing option"),
	"CFG_DOUBLE": ("配置重复", "Double option"),
	"CFG_RULE": ("配置冲突", "Rule violated"),
	"GRADE_NOT_MET": ("等级不符", "Grade not met"),
	"CCC_MISSING": ("认证缺口", "Certification gap"),
	"CFG_ADVICE": ("配置提示", "Advice"),
	"PRICE_BOOK_EXPIRED": ("价格表失效", "Price book not in force"),
	"PRICE_BOOK_MISSING": ("无有效价格表", "No price book in force"),
	"PRICE_MISMATCH": ("价格不符", "Price differs"),
	"PRICE_LINE_MISSING": ("无价格行", "No price line"),
	"SPECIAL_NO_PRICE": ("特殊配置未定价", "Special not priced"),
	"SPECIAL_PRICE_EXPIRED": ("特殊配置价过期", "Special price expired"),
	"SPECIAL_QTY_BELOW": ("台数少于定价台数", "Fewer vehicles than priced for"),
	"FX_RATE": ("汇率不符", "Exchange rate off"),
	"PAYMENT_CONFLICT": ("付款条件矛盾", "Payment terms contradict"),
	"POLICY_EXPIRED": ("政策失效", "Policy not in force"),
	"POLICY_NOT_APPLICABLE": ("政策不适用", "Policy not applicable"),
	"BELOW_FLOOR": ("低于底价", "Below floor price"),
	"PRICE_ABOVE_REVIEW": ("高于评审价", "Above review price"),
	"DELIVERY_TOO_SHORT": ("交期过短", "Delivery too short"),
	"DEPOSIT_LOW": ("定金不足", "Deposit too low"),
	"LIVERY_MISSING": ("缺图案文件", "Livery files missing"),
	"CONTRACT_DIFFERS": ("与意向订单不一致", "Differs from intent order"),
	"AUTHORITY_EXCEEDED": ("超出价格权限", "Price authority exceeded"),
	"EVIDENCE_MISSING": ("缺证明文件", "Evidence missing"),
}

FIGURES: Words = {
	"base_list": ("基准价", "Base list price"),
	"options_list": ("选装价合计", "Options"),
	"specials_list": ("特殊配置价合计", "Special options"),
	"surcharges": ("上浮合计", "Surcharges"),
	"configured_list": ("配置后目录价", "Configured list price"),
	"discounts": ("政策优惠", "Policies"),
	"services": ("服务费", "Services"),
	"review_price": ("评审价", "Review price"),
	"floor_price": ("底价", "Floor price"),
	"negotiated": ("洽谈价", "Negotiated price"),
	"deviation_pct": ("偏差", "Deviation"),
	"approval_level": ("审批级别", "Approval level"),
	"total": ("合同总额", "Order total"),
}

# The letters of the price box; CL = A + B + C + S, R = CL - D + G.
FIGURE_LETTERS: Mapping[str, str] = {
	"base_list": "A",
	"options_list": "B",
	"specials_list": "C",
	"surcharges": "S",
	"configured_list": "CL",
	"discounts": "D",
	"services": "G",
	"review_price": "R",
	"floor_price": "FL",
	"negotiated": "N",
	"deviation_pct": "Δ",
}

LEVELS: Words = {
	"L0": ("订单管理员", "Order Administrator"),
	"L1": ("市场部经理", "Market Department Manager"),
	"L2": ("销售业务部经理", "Sales Operations Manager"),
	"L3": ("营销副总经理", "Marketing VP"),
	"L4": ("价格委员会/总经理", "Price Committee"),
}


def say(words: Words, code: str | None, lang: str) -> str:
	"""The wording of ``code`` in ``lang`` (zh or en); a code without one speaks for itself."""
	if code is None:
		return ""
	found = words.get(code)
	return found[0 if lang == "zh" else 1] if found else code
