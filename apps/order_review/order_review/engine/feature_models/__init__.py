"""Feature models of other tools: read UVL and DIMACS CNF, and write our catalogue in both."""

from .dimacs import read_dimacs, write_dimacs
from .export import catalogue_dimacs, catalogue_uvl
from .model import FeatureModel
from .uvl import read_uvl

__all__ = [
	"FeatureModel",
	"catalogue_dimacs",
	"catalogue_uvl",
	"read_dimacs",
	"read_uvl",
	"write_dimacs",
]
