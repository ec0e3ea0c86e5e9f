"""The nine stories of the portal's main job, told over HTTP alone. Run them with `make stories`; see `__main__`."""
