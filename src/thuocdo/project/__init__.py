"""Where the house is put together: settings, site map, reactions, schedule, packs, the demonstration nation."""
