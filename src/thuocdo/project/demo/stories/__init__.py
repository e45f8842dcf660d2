"""Stories of single tasks, told in full: what each shows is in its name; together they show all that a task can be."""

from .desk import a_value_comes_back
from .evidence import a_list_of_names_is_erased, one_photo_for_two_results
from .exchanges import a_receiver
from .findings import a_sample, findings
from .heads import a_dossier_is_signed, a_head_changes
from .house import a_merger, a_task_down_to_a_person, an_office_of_its_own
from .meetings import meetings
from .people import alerts, letters, lists_and_wishes, urging_notes
from .plan import a_platform, more_time, programmes, rhythms
from .stage import Stage
from .systems import one_task_in_several_systems, what_reporting_costs
from .turns import another_body_accepts, disputes, reopened, without_effect

STORIES = (
    a_platform,
    a_task_down_to_a_person,
    an_office_of_its_own,
    rhythms,
    more_time,
    programmes,
    disputes,
    another_body_accepts,
    reopened,
    without_effect,
    a_merger,
    one_photo_for_two_results,
    a_list_of_names_is_erased,
    letters,
    lists_and_wishes,
    urging_notes,
    a_head_changes,
    a_dossier_is_signed,
    findings,
    a_sample,
    a_value_comes_back,
    one_task_in_several_systems,
    a_receiver,
    alerts,
    meetings,
    what_reporting_costs,
)

__all__ = ["STORIES", "Stage"]
