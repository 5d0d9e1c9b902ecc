"""Services and datasets: which belong together, in records and in links."""

from __future__ import annotations

from uuid import UUID

from tests.unit.harvest.gdi import records as r

from ckanext.mainz.harvest.gdi import coupling
from ckanext.mainz.harvest.gdi.coupling import DatasetKeys, ServiceKeys, couple

WMS = "https://geo.mainz.example/wms?SERVICE=WMS&REQUEST=GetCapabilities"


def test_one_service_of_many_datasets_and_many_services_of_one():
    datasets = [DatasetKeys("a", ("//x/1",), ()), DatasetKeys("b", ("//x/2",), ())]
    services = [
        ServiceKeys("s", ("https://x/1", "https://x/2")),
        ServiceKeys("t", ("http://X/1/",)),
        ServiceKeys("u", ()),
    ]
    found = couple(datasets, services)
    assert found.services == {"a": ("s", "t"), "b": ("s",)}
    assert found.uncoupled == ("u",)
    assert found.services_of("c") == ()


def test_a_uuid_alone_joins_only_where_one_dataset_can_be_meant():
    uuid = "0f7a1c529d3e4b1a8c552a6f0d9e7b41"
    one, other = DatasetKeys("a", ("//x/1",), (uuid,)), DatasetKeys("b", ("//x/2",), (uuid,))
    service = ServiceKeys("s", (f"https://elsewhere/{UUID(uuid)}",))
    assert couple([one], [service]).services == {"a": ("s",)}
    assert couple([one, other], [service]).uncoupled == ("s",)


def test_the_checksum_of_mapbender_is_no_identifier():
    service = r.service(operates_on=r.operates_on("", "https://x.example/m.php?a=1#spatial_dataset_" + "0f" * 16))
    dataset = DatasetKeys("a", (), ("0f" * 16,))
    assert couple([dataset], [coupling.service_of(service)]).services == {}


def test_twenty_thousand_records_are_joined():
    ids = [UUID(int=number) for number in range(10_000)]
    datasets = [DatasetKeys(str(id), (id.hex, f"//geo.example/{id.hex}"), (id.hex,)) for id in ids]
    services = [ServiceKeys(f"s{id}", (f"https://geo.example/{id}",)) for id in ids]
    found = couple(datasets, services)
    assert len(found.services) == 10_000
    assert found.uncoupled == ()


def test_a_link_to_a_coupled_service_makes_no_second_resource():
    links = r.distribution(r.transfer(r.online("https://geo.mainz.example/wms?request=GetCapabilities&service=WMS")))
    found = r.package(r.service(), distribution=links)
    assert [one["url"] for one in found["resources"]] == [WMS]


def test_a_service_that_only_a_link_names_is_a_resource_too():
    link = r.online("https://geo.mainz.example/x?service=WFS", "information", "Bäume als WFS", "Alle Bäume.")
    (found,) = r.package(distribution=r.distribution(r.transfer(link)))["resources"]
    assert (found["name"], found["format"]) == ("Bäume als WFS", "WFS")
    assert found["access_services"][0]["endpoint_url"] == "https://geo.mainz.example/x"


def test_a_service_behind_a_login_is_left_out_with_a_reason():
    one = r.service(operations=r.operation("GetCapabilities", "https://geo.mainz.example/http_auth/7?SERVICE=WMS"))
    found = r.mapped(one, distribution="")
    assert found.package["resources"] == []
    assert len(r.problems(found, "endpoint_url")) == 2


def test_two_different_services_of_mapbender_stay_two():
    def layer(number: int, title: str):
        url = f"https://geo.mainz.example/php/wms.php?layer_id={number}&REQUEST=GetCapabilities&SERVICE=WMS"
        return r.service(title=r.text("title", title), operations=r.operation("GetCapabilities", url))

    found = r.package(layer(1, "Grün - Parks"), layer(2, "Lärm - Tag"), distribution="")
    assert [one["name"] for one in found["resources"]] == ["Grün - Parks (WMS)", "Lärm - Tag (WMS)"]
