"""Tests, by floor: unit, integration, contracts, web, browser, migrations, house."""
