from tests.web.setting_up import collected_static_files, quick_passwords

__all__ = ["collected_static_files", "quick_passwords"]
