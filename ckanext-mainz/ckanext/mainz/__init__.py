"""The open data portal Mainz: one distribution, one CKAN plugin a room."""
