"""The database: schema, engines, transactions, migrations."""
