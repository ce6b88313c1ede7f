"""Files of regions: GeoJSON, a zipped Shapefile, an Excel workbook. Each becomes features: properties and a shape."""
