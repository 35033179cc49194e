"""Settings of django-allauth, which signs readers in: what does not depend on the environment."""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "papers:home"
PASSWORD_RESET_TIMEOUT = 3600  # seconds that the link in a mail holds

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
# No user name: that one is taken would tell whose account exists.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Where addresses need not be confirmed, two accounts may have the same until one confirms it.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SIGNUP_REDIRECT_URL = "accounts:welcome"
ACCOUNT_CHANGE_EMAIL = True  # one address; the old one holds until the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Hot Papers: "
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, no other
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an address changes
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "reset_password": "accounts.forms.ResetForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "add_email": "accounts.forms.EmailForm",
    "reauthenticate": "accounts.forms.ConfirmForm",
}
# Attempts/time/whose. Of `login_failed` the key is an account as asked for from one address, and
# what succeeds is not counted; of `login_failed_anywhere` it is the account.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,60/h/ip,5/5m/key",
    "login_failed_anywhere": "100/h/key",
    "signup": "5/m/ip,20/h/ip",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/3m/key",
    "change_username": "10/h/user",
    "import": "20/10m/user",  # each is read whole, for a second or two
    "report": "20/h/user",
    "provider": "30/m/ip",  # each is a question to a provider, and a session's row
    "follow": "60/m/ip",  # a visitor who follows is a row of the table of sessions
}

# Which providers there are is in hotpapers/providers.py.
SOCIALACCOUNT_ADAPTER = "accounts.providers.ProviderAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # an account is made by who says so, with an address of choice
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.JoinForm"}

MFA_ADAPTER = "accounts.adapter.TwoStepAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.ConfirmByCodeForm",
    "activate_totp": "accounts.forms.ActivateForm",
    "add_webauthn": "accounts.passkeys.AddForm",
    "edit_webauthn": "accounts.passkeys.NameForm",
    "login_webauthn": "accounts.passkeys.SignInForm",
    "authenticate_webauthn": "accounts.passkeys.StepForm",
    "reauthenticate_webauthn": "accounts.passkeys.ConfirmForm",
}
# A passkey signs in alone. Origins are checked as strictly as browsers do: https, or a localhost.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # nothing to guess, but each is a session's row
MFA_TOTP_ISSUER = "Hot Papers"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: clocks of telephones differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
