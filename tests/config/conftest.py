from tests.web.setting_up import collected_static_files

__all__ = ["collected_static_files"]
