"""What a task is made of: milestones, products, what it waits for, budget lines, parts, and who answers for it."""

from .budget import BudgetLine, set_budget
from .dependencies import DependencyCycle, add_dependency, drop_dependency, fulfil_dependency
from .measuring import link_indicator, set_indicators, unlink_indicator
from .milestones import MilestonePlan, add_milestone, drop_milestone, move_milestone, reach_milestone
from .parts import divide
from .people import leave_unattended, put_in_charge
from .products import ProductPlan, accept_products, judge_product, refuse_open_products, set_products

__all__ = [
    "BudgetLine",
    "DependencyCycle",
    "MilestonePlan",
    "ProductPlan",
    "accept_products",
    "add_dependency",
    "add_milestone",
    "divide",
    "drop_dependency",
    "drop_milestone",
    "fulfil_dependency",
    "judge_product",
    "leave_unattended",
    "link_indicator",
    "move_milestone",
    "put_in_charge",
    "reach_milestone",
    "refuse_open_products",
    "set_budget",
    "set_indicators",
    "set_products",
    "unlink_indicator",
]
