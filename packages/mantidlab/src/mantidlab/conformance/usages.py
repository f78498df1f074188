"""How fifty algorithms are used, with data that they make themselves: what the forms of a real Mantid are tried on.

Written here, from the algorithms' properties. ``Usage.code`` ends with the call that is meant; what comes before it
makes its input. None needs a file, an instrument definition or a facility.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """One algorithm with a piece of code that uses it."""

    algorithm: str
    code: str


_SAMPLE = "ws = CreateSampleWorkspace(XMin=1000, XMax=19000, BinWidth=100)\n"
_EVENTS = 'ws = CreateSampleWorkspace(WorkspaceType="Event", NumEvents=200)\n'
_SPACE = 'md = CreateMDWorkspace(Dimensions=3, Extents="-3,3,-3,3,-3,3", Names="H,K,L", Units="U,U,U")\n'
_LINE = "ws = CreateWorkspace(DataX=[0, 1, 2, 3, 4], DataY=[1, 3, 5, 7], DataE=[1, 1, 1, 1])\n"
_TWO = _LINE + "other = CloneWorkspace(InputWorkspace=ws)\n"


def usages() -> tuple[Usage, ...]:
    """Return them."""
    return tuple(Usage(name, code) for name, code in (*_MAKING, *_CHANGING, *_JOINING, *_RECORDS, *_GRIDS))


_MAKING = (
    ("CreateSampleWorkspace", 'out = CreateSampleWorkspace(Function="Powder Diffraction", NumBanks=1)'),
    ("CreateWorkspace", 'out = CreateWorkspace(DataX=[1, 2, 3], DataY=[4, 5], UnitX="TOF")'),
    ("CreateSingleValuedWorkspace", "out = CreateSingleValuedWorkspace(DataValue=3.5, ErrorValue=0.1)"),
    ("CreateEmptyTableWorkspace", "out = CreateEmptyTableWorkspace()"),
    ("CloneWorkspace", _LINE + "out = CloneWorkspace(InputWorkspace=ws)"),
    ("RenameWorkspace", _LINE + "renamed = RenameWorkspace(InputWorkspace=ws)"),
    ("DeleteWorkspace", _LINE + "DeleteWorkspace(Workspace=ws)"),
)

_CHANGING = (
    ("Rebin", _SAMPLE + 'out = Rebin(InputWorkspace=ws, Params="1000,200,19000", FullBinsOnly=True)'),
    ("Rebunch", _SAMPLE + "out = Rebunch(InputWorkspace=ws, NBunch=4)"),
    ("ConvertUnits", _SAMPLE + 'out = ConvertUnits(InputWorkspace=ws, Target="Wavelength", AlignBins=True)'),
    ("ConvertToPointData", _SAMPLE + "out = ConvertToPointData(InputWorkspace=ws)"),
    ("ConvertToHistogram", _SAMPLE + "p = ConvertToPointData(ws)\nout = ConvertToHistogram(InputWorkspace=p)"),
    ("ConvertToDistribution", _SAMPLE + "ConvertToDistribution(Workspace=ws)"),
    ("ConvertFromDistribution", _SAMPLE + "ConvertToDistribution(ws)\nConvertFromDistribution(Workspace=ws)"),
    ("CropWorkspace", _SAMPLE + "out = CropWorkspace(InputWorkspace=ws, XMin=2000, XMax=8000, EndWorkspaceIndex=9)"),
    ("ExtractSpectra", _SAMPLE + 'out = ExtractSpectra(InputWorkspace=ws, WorkspaceIndexList="1,3-5")'),
    ("ExtractSingleSpectrum", _SAMPLE + "out = ExtractSingleSpectrum(InputWorkspace=ws, WorkspaceIndex=3)"),
    ("SumSpectra", _SAMPLE + "out = SumSpectra(InputWorkspace=ws, StartWorkspaceIndex=1, EndWorkspaceIndex=9)"),
    ("Integration", _SAMPLE + "out = Integration(InputWorkspace=ws, RangeLower=2000, RangeUpper=9000)"),
    ("Scale", _SAMPLE + 'out = Scale(InputWorkspace=ws, Factor=2.5, Operation="Multiply")'),
    ("ScaleX", _SAMPLE + 'out = ScaleX(InputWorkspace=ws, Factor=-10, Operation="Add")'),
    ("SmoothData", _SAMPLE + "out = SmoothData(InputWorkspace=ws, NPoints=[5])"),
    ("Transpose", _SAMPLE + "out = Transpose(InputWorkspace=ws)"),
    ("Logarithm", _LINE + "out = Logarithm(InputWorkspace=ws, Natural=False)"),
    ("Exponential", _LINE + "out = Exponential(InputWorkspace=ws)"),
    ("Power", _LINE + "out = Power(InputWorkspace=ws, Exponent=2)"),
    ("ReplaceSpecialValues", _LINE + "out = ReplaceSpecialValues(InputWorkspace=ws, NaNValue=0, InfinityValue=0)"),
    ("ResetNegatives", _LINE + "out = ResetNegatives(InputWorkspace=ws, AddMinimum=False, ResetValue=0.5)"),
    ("MaskBins", _SAMPLE + "out = MaskBins(InputWorkspace=ws, XMin=2000, XMax=3000)"),
    ("MaskDetectors", _SAMPLE + 'MaskDetectors(Workspace=ws, WorkspaceIndexList="2,5-7")'),
    ("CompressEvents", _EVENTS + "out = CompressEvents(InputWorkspace=ws, Tolerance=10)"),
)  # fmt: skip

_JOINING = (
    ("Plus", _TWO + "out = Plus(LHSWorkspace=ws, RHSWorkspace=other)"),
    ("Minus", _TWO + "out = Minus(LHSWorkspace=ws, RHSWorkspace=other)"),
    ("Multiply", _TWO + "out = Multiply(LHSWorkspace=ws, RHSWorkspace=other)"),
    ("Divide", _TWO + "out = Divide(LHSWorkspace=ws, RHSWorkspace=other)"),
    ("WeightedMean", _TWO + "out = WeightedMean(InputWorkspace1=ws, InputWorkspace2=other)"),
    ("AppendSpectra", _TWO + "out = AppendSpectra(InputWorkspace1=ws, InputWorkspace2=other)"),
    ("RebinToWorkspace", _SAMPLE + "wide = Rebin(ws, [1000, 500, 19000])\n"
     "out = RebinToWorkspace(WorkspaceToRebin=ws, WorkspaceToMatch=wide)"),
    ("CompareWorkspaces", _TWO + "same, messages = CompareWorkspaces(Workspace1=ws, Workspace2=other, Tolerance=0.1)"),
    ("GroupWorkspaces", _TWO + "out = GroupWorkspaces(InputWorkspaces=[ws, other])"),
    ("UnGroupWorkspace", _TWO + 'group = GroupWorkspaces([ws, other])\nUnGroupWorkspace(InputWorkspace="group")'),
    ("Fit", _LINE + 'fit = Fit(Function="name=LinearBackground,A0=1,A1=1", InputWorkspace=ws, Output="line")'),
)  # fmt: skip

_RECORDS = (
    ("AddSampleLog", _LINE + 'AddSampleLog(Workspace=ws, LogName="T", LogText="4.2", LogType="Number", LogUnit="K")'),
    ("AddTimeSeriesLog", _LINE + 'AddTimeSeriesLog(Workspace=ws, Name="T", Time="2010-01-01T00:00:00", Value=4.2)'),
    ("DeleteLog", _LINE + 'AddSampleLog(ws, "note", "x")\nDeleteLog(Workspace=ws, Name="note")'),
    ("SetSampleMaterial", _LINE + 'SetSampleMaterial(InputWorkspace=ws, ChemicalFormula="V")'),
    ("SetUB", _SAMPLE + 'SetUB(Workspace=ws, a=5, b=6, c=7, u="1,0,0", v="0,1,0")'),
)

_GRIDS = (
    ("CreateMDWorkspace", _SPACE.strip()),
    ("FakeMDEventData", _SPACE + 'FakeMDEventData(InputWorkspace=md, UniformParams="500")'),
    ("BinMD", _SPACE + 'FakeMDEventData(md, UniformParams="500")\n'
     'out = BinMD(InputWorkspace=md, AlignedDim0="H,-3,3,6", AlignedDim1="K,-3,3,5", AlignedDim2="L,-3,3,1")'),
)  # fmt: skip
