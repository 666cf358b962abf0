"""How dates are written on the desk, per language where Django's own way is not ours."""
