"""What the Workplace shows and does: the open work of everybody, what else waits, and steps taken for many at once.

``sources`` says which documents are work and who holds them, ``work`` reads them for a user, ``panes`` the lists
beside them, ``bulk`` acts on many, ``assignment`` chooses the order administrator of a market department.
"""
