"""Sets OpenTAXII up in the folder that BENCH_OPENTAXII names, with BENCH_STORED objects in it."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from pathlib import Path

from bench.taxii_servers import indicator

CONFIG = """
domain: "127.0.0.1"
support_basic_auth: yes
auth_api:
  class: opentaxii.auth.sqldb.SQLDatabaseAPI
  parameters: {{db_connection: "sqlite:///{folder}/auth.db", create_tables: yes, secret: s}}
taxii1:
taxii2:
  max_content_length: 100000000
  public_discovery: true
  title: bench
  persistence_api:
    class: opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI
    parameters: {{db_connection: "sqlite:///{folder}/data.db", create_tables: yes}}
logging: {{opentaxii: error, root: error}}
"""


def main() -> None:
    """Write the configuration, make one root and one public collection, and fill it."""
    folder = Path(os.environ["BENCH_OPENTAXII"])
    config = folder / "config.yml"
    config.write_text(CONFIG.format(folder=folder))
    os.environ["OPENTAXII_CONFIG"] = str(config)
    from opentaxii.http import app
    from opentaxii.persistence.sqldb import taxii2models

    with app.app_context():
        api = app.taxii_server.servers.taxii2.persistence.api
        root = api.add_api_root(title="r", default=True, is_public=True)
        collection = api.add_collection(
            api_root_id=str(root.id), title="c", is_public=True, is_public_write=True
        )
        start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        columns = set(taxii2models.STIXObject.__table__.columns.keys())
        rows = []
        for number in range(int(os.environ["BENCH_STORED"])):
            made = indicator(number)
            row = {
                "pk": uuid.uuid4(),
                "id": made["id"],
                "collection_id": collection.id,
                "type": made["type"],
                "spec_version": "2.1",
                "date_added": start + dt.timedelta(milliseconds=number),
                "version": start + dt.timedelta(milliseconds=number),
                "serialized_data": {
                    k: v for k, v in made.items() if k not in {"id", "type", "spec_version"}
                },
            }
            rows.append({name: value for name, value in row.items() if name in columns})
        for first in range(0, len(rows), 5_000):
            api.db.session.execute(
                taxii2models.STIXObject.__table__.insert(), rows[first : first + 5_000]
            )
        api.db.session.commit()
    (folder / "place").write_text(f"/taxii2/{root.id}/collections/{collection.id}/")


if __name__ == "__main__":
    main()
