"""The judge: what does a program that somebody wrote do right?"""
