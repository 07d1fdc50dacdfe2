"""What style sheets change of what a tag says: they hide it, or show on other screens what it hides."""

from typing import TYPE_CHECKING

from bothways.judge.appearance import Appearance

if TYPE_CHECKING:
    from bothways.judge.sheets import Sheets
    from bothways.judge.surroundings import Surroundings
    from bothways.judge.view import View
    from bothways.markup.references import Reference
    from bothways.markup.scanner import Tag


def is_bare(view: "View") -> bool:
    """Say whether only a style sheet could tell that a program's answer is kept out of sight."""
    return view.nameless and not view.unseen


def style(reference: "Reference", view: "View", surroundings: "Surroundings") -> "View":
    """Correct a view by the style sheets: they show what is hidden, as a picture for phones, or hide it."""
    tag, sheets = reference.tag, surroundings.sheets
    if tag is None or sheets is None or reference.element == "style":
        return view
    if reference.element != "img":
        shown = view.background and view.inside and sheets.show(surroundings.hiding_class(tag))
        return view._replace(inside="") if shown else view
    if is_bare(view):
        hidden_by = sheets.hide(tag.get("class"), tag.get("id"))
        return view._replace(appearance=Appearance(hidden_by=hidden_by)) if hidden_by else view
    if (view.inside or view.appearance.collapsed) and _is_shown(tag, view, surroundings, sheets):
        return view._replace(appearance=view.appearance.opened(), inside="")
    return view


def _is_shown(tag: "Tag", view: "View", surroundings: "Surroundings", sheets: "Sheets") -> bool:
    hidden = bool(view.appearance.hidden_by)
    if view.appearance.collapsed and not sheets.show(tag.get("class"), hidden=hidden):
        return False
    return not view.inside or sheets.show(surroundings.hiding_class(tag))
