"""Generated messages: everything that the models can hold, for the property tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from vn_edoc.envelope import (
    Business,
    BusinessType,
    Code,
    DocumentMessage,
    DocumentType,
    Extension,
    Organization,
    OtherInfo,
    Priority,
    PromulgationInfo,
    Receiver,
    ReceiverChange,
    ReplacementInfo,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusCode,
    StatusMessage,
    SteeringType,
    TraceHeader,
    TraceHeaderList,
    UpdateInfo,
)
from vn_edoc.envelope.values import NULLS
from vn_edoc.findings import VIETNAM

_CHARS = st.characters(
    codec="utf-8", exclude_characters="\x00\ufffe\uffff", exclude_categories=["Cc", "Cs"]
) | st.sampled_from("&<>\"'\n\tếĐ]\u0300")
texts = st.text(_CHARS, min_size=1, max_size=40).filter(lambda t: t.strip(" \t\n\r") not in NULLS)
maybe = st.none() | texts
counts = st.none() | st.integers(0, 999_999_999)
flags = st.none() | st.booleans()
days = st.dates(date(1, 1, 2), date(9999, 12, 30))
moments = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 30)).map(
    lambda d: d.replace(tzinfo=VIETNAM, microsecond=0)
)
organ_ids = st.sampled_from(["G12", "H29.12", "000.00.12.H29", "0100109106", "H37.DN.001", "02.29.W00"])


def _extensions(name: str) -> st.SearchStrategy[tuple[Extension, ...]]:
    one = st.builds(
        Extension,
        name=st.sampled_from([f"X{name}", "MởRộng", "@ghiChú"]),
        namespace=st.sampled_from([None, "urn:a&b", "http://example.vn/x"]),
        text=maybe,
    )
    deep = st.builds(
        Extension,
        name=st.just("Sâu"),
        text=maybe,
        attributes=st.sampled_from([(), (("a", "1<2"), ("{urn:x}b", "\n"))]),
        children=st.lists(one.filter(lambda e: not e.name.startswith("@")), max_size=2).map(tuple),
    )
    unique = st.lists(one | deep, max_size=3, unique_by=lambda e: (e.name, e.namespace)).map(tuple)
    return st.just(()) | unique


def _part(model: type[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(model, extensions=_extensions(model.__name__), **fields)


organizations = _part(
    Organization,
    organ_id=organ_ids,
    organization_in_charge=maybe,
    organ_name=maybe,
    organ_add=maybe,
    email=maybe,
    telephone=maybe,
    fax=maybe,
    website=maybe,
)
staff = st.none() | _part(
    StaffInfo, department=maybe, department_id=maybe, staff=maybe, staff_id=maybe, mobile=maybe, email=maybe
)
answered = _part(ResponseFor, organ_id=organ_ids, code=texts, promulgation_date=st.none() | days, document_id=texts)
several = st.lists(texts, max_size=3).map(tuple)
businesses = _part(
    Business,
    doc_type=st.sampled_from([BusinessType.NEW, BusinessType.RECALL, BusinessType.UPDATE]),
    doc_reason=maybe,
    document_id=maybe,
    update_info=st.none()
    | _part(
        UpdateInfo,
        document_info=flags,
        document_receiver=flags,
        receivers=st.lists(
            _part(Receiver, organ_id=organ_ids, receiver_type=st.none() | st.sampled_from(ReceiverChange)), max_size=2
        ).map(tuple),
    ),
    replacements=st.lists(_part(ReplacementInfo, document_id=texts, organ_ids=several), max_size=2).map(tuple),
    staff_info=staff,
    paper=flags,
)
traces = _part(
    TraceHeaderList,
    id=maybe.map(lambda t: t and t.replace("\n", " ").replace("\t", " ")),
    version=st.sampled_from([None, "1.0"]),
    headers=st.lists(_part(TraceHeader, organ_id=st.none() | organ_ids, timestamp=st.none() | moments), max_size=3).map(
        tuple
    ),
    business=st.none() | businesses,
    paper=flags,
)
documents = _part(
    DocumentMessage,
    sender=organizations,
    receivers=st.lists(organizations, min_size=1, max_size=3).map(tuple),
    document_id=maybe,
    code=_part(Code, code_number=texts, code_notation=texts),
    promulgation_info=_part(PromulgationInfo, place=maybe, promulgation_date=days),
    document_type=st.none() | _part(DocumentType, type=counts, type_detail=counts, type_name=maybe),
    subject=texts,
    content=maybe,
    signer_info=st.none() | _part(SignerInfo, competence=maybe, position=maybe, full_name=maybe),
    due_date=st.none() | days,
    to_places=several,
    other_info=st.none()
    | _part(
        OtherInfo,
        priority=st.none() | st.sampled_from(Priority),
        sphere_of_promulgation=maybe,
        typer_notation=maybe,
        promulgation_amount=counts,
        page_amount=counts,
        direction=flags,
        reply_fors=maybe,
        reference_codes=maybe,
        appendixes=several,
    ),
    response_for=st.lists(answered, max_size=2).map(tuple),
    steering_type=st.none() | st.sampled_from(SteeringType),
    task_codes=several,
    application_type=maybe,
    trace=st.none() | traces,
    body_content=maybe,
)
statuses = _part(
    StatusMessage,
    sender=organizations,
    response_for=answered,
    staff_info=staff,
    status_code=st.sampled_from(StatusCode),
    description=maybe,
    timestamp=st.none() | moments,
)
