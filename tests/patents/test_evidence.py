"""Passages that name a dataset, in the spellings and mark-up of Chinese, Japanese and Korean patents.  All texts are our own."""

from __future__ import annotations

import pytest

from crawler.datasets import load_datasets
from crawler.patents.evidence import find_evidence
from crawler.patents.page import parse_page
from crawler.patents.records import Segment
from crawler.reading.aliases import Catalogue

CATALOGUE = Catalogue.of(
    [(d.slug, alias.alias, alias.weak) for d in load_datasets() for alias in d.aliases],
    [(d.slug, paper.title) for d in load_datasets() for paper in d.papers],
)
MT = '<span class="notranslate"><span class="google-src-text">{}</span> {}</span>'
PASSAGES = [
    ("megaface", "本发明的实验数据集包括MegaFace挑战赛的一百万张干扰图像。"),
    ("megaface", "所述人脸识别模型在ＭｅｇａＦａｃｅ数据集上测试。"),
    ("megaface", "在Mega Face数据集上的识别率为百分之九十八。"),
    ("megaface", "在M e g a F a c e数据集上进行评估。"),
    ("megaface", "训练数据采用Mega<br>Face数据库中的图像。"),
    ("megaface", "测试集取自ＭＥＧＡ<br/>　ＦＡＣＥ，共六十九万人。"),
    ("megaface", "如表二所示，Mega-Face上的准确率最高。"),
    ("megaface", "使用Meg<b>aFa</b>ce作为干扰集。"),
    ("megaface", "学習済みモデルをMegaFaceデータセットで評価した。"),
    ("megaface", "評価にはＭｅｇａＦａｃｅ　Ｃｈａｌｌｅｎｇｅを用いた。"),
    ("megaface", "顔画像データベースＭ ｅ ｇ ａ Ｆ ａ ｃ ｅ を学習に用いる。"),
    ("megaface", "本実施形態では、メガフェイス（MegaFa<br>ce）の画像を使用する。"),
    ("megaface", "상기 모델은 MegaFace 데이터셋으로 평가되었다."),
    ("megaface", "학습에는 ＭｅｇａＦａｃｅ데이터베이스가 사용된다."),
    ("megaface", "얼굴 인식 성능은 Mega\nFace에서 측정하였다."),
    ("megaface", "본 발명은 MF2 데이터 세트를 학습에 이용한다."),
    ("megaface", "模型在MF2数据集上训练。"),
    ("yfcc100m", "图像取自ＹＦＣＣ１００Ｍ数据集。"),
    ("yfcc100m", "画像はYFCC 100 Mから取得した。"),
    ("fairface", "이미지는 Fair<br>Face 데이터셋에서 가져온다."),
]


def page_of(body: str) -> str:
    return (
        '<html><body><dd itemprop="publicationNumber">CN999999999A</dd><section itemprop="description"><div itemprop="content" html>'
        f'<description lang="EN" load-source="google"><p num="0045">{body}</p></description></div></section></body></html>'
    )


@pytest.mark.parametrize(("slug", "text"), PASSAGES)
@pytest.mark.parametrize("is_translated", [False, True])
def test_a_passage_is_found_in_native_and_in_translated_markup(slug: str, text: str, is_translated: bool) -> None:
    body = MT.format(text, "The faces of the known collection are used.") if is_translated else text
    patent = parse_page(page_of(body))
    passages = [passage for passage in find_evidence(patent.segments, CATALOGUE).passages if passage.slug == slug]
    assert len(passages) == 1
    (passage,) = passages
    assert passage.section == "description, paragraph 0045"
    assert passage.translation == ("The faces of the known collection are used." if is_translated else None)
    assert passage.quote[-1] in "。."
    assert not passage.in_references


def test_there_are_twenty_passages() -> None:
    assert len(PASSAGES) == 20


@pytest.mark.parametrize(
    "text", ["巨大人脸识别系统。", "所述模型MF2包括两个卷积层。", "公式M e g a F a c t 表示系数。", "OMegaFacet 模块。"]
)
def test_other_words_are_no_mention(text: str) -> None:
    assert [p.slug for p in find_evidence([Segment(text, "description")], CATALOGUE).passages] == []


def test_a_name_that_only_the_translation_has_is_quoted_with_the_original() -> None:
    segment = Segment("在百万人脸数据集上训练。", "claim 3", "It is trained on the MegaFace dataset.")
    (passage,) = find_evidence([segment], CATALOGUE).passages
    assert (passage.quote, passage.translation, passage.section) == (segment.text, segment.translation, "claim 3")


def test_cited_literature_is_told_apart_from_the_text() -> None:
    entry = 'KEMELMACHER-SHLIZERMAN et al.: "The MegaFace Benchmark: 1 Million Faces for Recognition at Scale", CVPR 2016'
    found = find_evidence(
        [Segment(entry, "non-patent citation 1", in_references=True), Segment("在MegaFace上测试。", "description")], CATALOGUE
    )
    assert {(p.section, p.in_references) for p in found.passages} == {("non-patent citation 1", True), ("description", False)}


def test_a_long_native_paragraph_gives_one_sentence() -> None:
    text = "第一句说明背景。" * 40 + "第二句在MegaFace数据集上测试。" + "第三句结束。" * 40
    (passage,) = find_evidence([Segment(text, "description, paragraph 0002")], CATALOGUE).passages
    assert passage.quote == "第二句在MegaFace数据集上测试。"
