"""How dates are written, where Django's own way says too little."""
