"""Keeping the words by which the directory finds communities."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Prefetch

from twincitylab.atlas.operations.bulk import insert_rows
from twincitylab.community.choices import NeedState
from twincitylab.community.models import Community, CommunityWord, NeedOffer
from twincitylab.community.queries.visible import matchable
from twincitylab.community.rules.words import MOST_WORDS, words_of

AT_ONCE = 500


def index_words(community_pks: Iterable[int]) -> None:
    """Make the words of these communities what their texts say now: a handful of queries for every 500.

    Words are kept only of a community that may stand in lists. Part of another change, which writes the
    audit row; their rows are locked, so that of two changes at once none forgets the other's words.
    """
    pks = sorted(set(community_pks))
    for start in range(0, len(pks), AT_ONCE):
        _index(pks[start : start + AT_ONCE])


@transaction.atomic
def _index(pks: list[int]) -> None:
    list(Community.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    open_ones = Prefetch(
        "needs_offers", NeedOffer.objects.filter(state=NeedState.OPEN).order_by("-pk"), to_attr="open_ones"
    )
    listed = matchable().filter(is_safe_mode=False, pk__in=pks)
    wanted = {
        (community.pk, key): is_name
        for community in listed.select_related("city").prefetch_related(open_ones)
        for key, is_name in _words(community).items()
    }
    kept = CommunityWord.objects.filter(community__in=pks).values_list("pk", "community_id", "key", "is_name")
    stale = []
    for pk, community_pk, key, is_name in kept:
        if wanted.get((community_pk, key)) is is_name:
            del wanted[community_pk, key]
        else:
            stale.append(pk)
    CommunityWord.objects.filter(pk__in=stale).delete()
    insert_rows(
        CommunityWord._meta.db_table,
        columns=("community_id", "key", "is_name"),
        rows=[(community_pk, key, is_name) for (community_pk, key), is_name in wanted.items()],
        progress=lambda _share: None,
    )


def _words(community: Community) -> dict[str, bool]:
    """The words of a community and whether each stands in its name; the most telling texts first."""
    name = dict.fromkeys(words_of(community.name), True)
    needs: list[NeedOffer] = community.open_ones  # type: ignore[attr-defined] # by the prefetch above
    texts = (community.city.name, community.purpose, *(need.text for need in needs), community.about)
    words = name | {key: False for key in words_of(" ".join(texts)) if key not in name}
    return dict(list(words.items())[:MOST_WORDS])
