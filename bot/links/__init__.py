"""Is this link official, or what does it imitate?"""
