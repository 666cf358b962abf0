"""An invented register of which the truth is known, and the training of weights on it. The service itself never imports this.

Nothing here may use the folding, the keys or the lists of name forms that it puts to the test.
"""
