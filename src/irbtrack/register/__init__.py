"""What commands, reports, imports and exports share: finding, planning and recording."""
