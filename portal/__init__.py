"""The portal: the floor every app stands on, and the roof that binds them together."""
