"""What of a number, name or address may be shown in lists, logs and messages."""

DOT = "•"


def mask_nik(last4: str) -> str:
    """Only the last four digits, which are no region, birth date or sex; nothing of none."""
    return DOT * 12 + last4[-4:] if last4 else ""


def mask_name(name: str) -> str:
    """The first letter of each word: "Siti Aminah" becomes "S••• A•••"."""
    return " ".join(word[0] + DOT * 3 for word in name.split())


def mask_email(email: str) -> str:
    local, _, domain = email.partition("@")
    return f"{local[:1]}{DOT * 3}@{domain}" if domain else DOT * 3


def mask_phone(phone: str) -> str:
    return DOT * 6 + phone[-3:] if phone else ""
