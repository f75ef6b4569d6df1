"""The desk where every contact arrives: what does it mean, and where does it belong?"""
