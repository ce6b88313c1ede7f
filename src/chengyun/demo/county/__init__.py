"""The demo county on the map: 云泽县, fictional, in an empty spot of the northern plains.

names         the small hand-made lists of demo/data
plane         metres around the county's centre <-> degrees rounded to 1e-6
town          the built-up square: street lines and blocks
countryside   villages and their cells around the town (Voronoi)
regions       both noded together into one coverage, coded and named: county, townships, communities, cells
places        roads, lanes, estates, landmarks, shops and toilets
"""
