from django import template

from petitions.models.finding import MOST_COUNTED
from petitions.templatetags.petition_text import grouped

register = template.Library()


@register.filter
def counted(found: int) -> str:
    """A number of petitions, which were counted to a bound: 12, or 1,000+."""
    return grouped(found) if found <= MOST_COUNTED else f"{grouped(MOST_COUNTED)}+"
