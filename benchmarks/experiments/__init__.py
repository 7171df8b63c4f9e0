"""Variants that lost, and the winner beside them: kept so that the choice can be made again."""
