"""The page that describes the API speaks the reader's language, down to each parameter."""

import re

import pytest
from django.test import Client

from tansiq.api.meanings import AREAS, STANDS_IN, TEXTS
from tansiq.api.service import DESCRIPTION, api

LETTERS = {"ar": r"[\u0600-\u06ff]", "he": r"[\u0590-\u05ff]"}


def stated() -> set[str]:
    """Every text of the description that a person reads."""
    found = {DESCRIPTION}
    for methods in api.get_openapi_schema()["paths"].values():
        for operation in methods.values():
            found |= {operation.get("summary", ""), operation.get("description", "")}
            found |= {parameter.get("description", "") for parameter in operation.get("parameters", [])}
    return found - {""}


def test_every_text_of_the_description_is_listed_for_translation():
    assert stated() == set(TEXTS)
    tags = {
        tag for methods in api.get_openapi_schema()["paths"].values() for one in methods.values() for tag in one["tags"]
    }
    assert tags == set(AREAS)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "he"])
def test_page_says_everything_in_the_readers_language(language):
    client = Client()
    client.cookies["tansiq_language"] = language
    page = client.get("/api/v1/").content.decode()
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    texts = re.findall(r"<(?:p|strong|td|th|h2)>([^<]{12,})<", main)
    assert len(texts) > 15
    assert [text for text in texts if not re.search(LETTERS[language], text)] == []
    assert all(text not in main for text in TEXTS)
    assert len(STANDS_IN) == 4


def test_schema_itself_stays_in_english():
    client = Client()
    client.cookies["tansiq_language"] = "ar"
    assert "Clocks by time left" in client.get("/api/v1/openapi.json").content.decode()
