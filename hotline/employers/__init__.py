"""The register of employers: public facts about companies, and the names people call them by."""
