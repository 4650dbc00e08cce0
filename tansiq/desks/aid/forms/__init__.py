"""What may be typed at the aid desk."""

from tansiq.desks.aid.forms.consignments import AmendForm, RegisterForm
from tansiq.desks.aid.forms.counts import CountForm, DifferenceForm
from tansiq.desks.aid.forms.events import CorrectionForm, EventFilterForm, EventForm
from tansiq.desks.aid.forms.lists import CargoFilterForm, ConsignmentFilterForm, MapCargoForm
from tansiq.desks.aid.forms.uploads import UploadForm

__all__ = [
    "AmendForm",
    "CargoFilterForm",
    "ConsignmentFilterForm",
    "CorrectionForm",
    "CountForm",
    "DifferenceForm",
    "EventFilterForm",
    "EventForm",
    "MapCargoForm",
    "RegisterForm",
    "UploadForm",
]
