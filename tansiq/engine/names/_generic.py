"""Words that name a kind of place, in three languages; they match by meaning and weigh little."""

from typing import Final

from tansiq.engine.names._normal import normal_form

# A mark for each meaning and its words, without article. Words under the empty mark carry no weight at all.
_MEANINGS: Final = (
    ("1", "camp camps mukhayyam mukhayam mukhayyim مخيم مخيمات מחנה"),
    ("2", "quarter neighborhood neighbourhood district hayy hay hai حي حارة שכונה שכונת"),
    ("3", "city town madinat madinah madina مدينة עיר"),
    ("4", "village qaryat qaryet qarya qaryah karyat karya karyah قرية"),
    ("5", "crossing terminal gate checkpoint maabar معبر حاجز מעבר מסוף מחסום"),
    ("6", "junction intersection مفرق مفترق צומת"),
    ("7", "industrial industry صناعية תעשייה תעשיה תעשיות"),
    ("8", "housing iskan إسكان שיכון"),
    ("9", "farm havat havvat مزرعة חוות חווה החווה"),
    ("k", "khirbat khirbet khirbah khirba kherbet hirbat hirbet hirbah kharabat ruin ruins خربة ח'רבת חרבת חורבת"),
    ("p", "park منتزه متنزه פארק"),
    ("t", "station محطة תחנת תחנה"),
    (
        "n",
        "north northern shamal shamali shimali shamaliya shamaliyah shamaliyeh شمال شمالي شمالية צפון צפוני צפונית",
    ),
    ("s", "south southern janub janubi janubiya janubiyah janubiyeh جنوب جنوبي جنوبية דרום דרומי דרומית"),
    (
        "e",
        "east eastern sharqi sharqiya sharqiyah sharqiyeh sharqiyya sharki sharkiya sharkiyah شرق شرقي "
        "شرقية מזרח מזרחי מזרחית",
    ),
    ("w", "west western gharbi gharbiya gharbiyah gharbiyeh gharbiyya غرب غربي غربية מערב מערבי מערבית"),
    ("c", "center centre central wasat مركز وسط מרכז מרכזי"),
    (
        "",
        "refugee refugees لاجئين לפליטים פליטים zone area منطقة אזור governorate محافظة train railway قطار רכבת",
    ),
)
MEANING_OF: Final = {normal_form(word): mark for mark, words in _MEANINGS for word in words.split()}
