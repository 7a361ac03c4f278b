"""Names of files: what would mislead a reader or a file system is refused, not repaired."""

import unicodedata

LONGEST = 180
SEPARATORS = set('/\\／＼⁄∕:*?"<>|')
RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
RUNNABLE = {
    "exe",
    "com",
    "bat",
    "cmd",
    "scr",
    "js",
    "vbs",
    "ps1",
    "sh",
    "msi",
    "lnk",
    "hta",
    "html",
    "htm",
    "svg",
}


def extension_of(name: str) -> str:
    """What follows the last dot, in lower case."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """The name in one Unicode form, so that two files that look the same are called the same."""
    return unicodedata.normalize("NFC", name)


def fault_of_name(name: str) -> str:
    """Why the name cannot be kept, in Chinese; empty when it can."""
    if len(name) > LONGEST or len(name.encode()) > 3 * LONGEST:
        return f"文件名超过 {LONGEST} 个字"
    if any(character in SEPARATORS for character in name):
        return "文件名含有路径符号或系统保留符号"
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for character in name):
        return "文件名含有看不见的控制字符"
    return _fault_of_parts(name)


def _fault_of_parts(name: str) -> str:
    parts = name.lower().split(".")
    if name != name.strip() or name.startswith(".") or name.endswith(".") or not parts[0].strip():
        return "文件名为空，或以空格、句点开头或结尾"
    if parts[0].strip() in RESERVED:
        return "文件名是操作系统的保留名称"
    if any(part.strip() in RUNNABLE for part in parts[1:-1]):
        return "文件名含有两重扩展名"
    return ""
