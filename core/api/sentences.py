"""What a request as such can meet, in two sentences each: what happened, and what to do."""

from django.utils.translation import gettext_noop

#: code -> (title, what to do), the whole list of what a request as such can meet.
SENTENCES: dict[str, tuple[str, str]] = {
    "invalid": (
        gettext_noop("Not accepted"),
        gettext_noop("Nothing was saved. Mend what `errors` lists and send it again."),
    ),
    "conflict": (
        gettext_noop("Not possible now"),
        gettext_noop("Nothing was saved: the present state does not allow it. `errors` says why."),
    ),
    "bad_parameters": (
        gettext_noop("Address not understood"),
        gettext_noop("Mend the parameters that `errors` lists."),
    ),
    "parse_error": (
        gettext_noop("Request not understood"),
        gettext_noop("The request cannot be read. Look at its address, its headers and its body."),
    ),
    "not_authenticated": (
        gettext_noop("Sign in"),
        gettext_noop(
            "People sign in at the desk and use its session. Partner systems send a token, which their client gets at"
            " `/api/oauth/token/` (OAuth 2, client credentials)."
        ),
    ),
    "token_invalid": (
        gettext_noop("Token not valid"),
        gettext_noop(
            "This token is over or was ended. Get a new one at `/api/oauth/token/`, then send this again."
        ),
    ),
    "client_not_in_force": (
        gettext_noop("Client not in force"),
        gettext_noop(
            "This client was ended, or is not valid now. Ask the administrator of your organisation, who sees why at the desk."
        ),
    ),
    "client_waits": (
        gettext_noop("Client waits"),
        gettext_noop(
            "This client waits until a second person of its organisation has approved it. Ask the administrator."
        ),
    ),
    "network_not_allowed": (
        gettext_noop("Not from this network"),
        gettext_noop(
            "This client may not ask from the address that you have. Ask the administrator of your organisation, who can add"
            " its network at the desk."
        ),
    ),
    "scope_needed": (
        gettext_noop("Scope needed"),
        gettext_noop(
            "Your token lacks the scope that the header `WWW-Authenticate` names. Ask for it with the next token; if your"
            " client does not have it, ask the administrator of your organisation."
        ),
    ),
    "second_factor_needed": (
        gettext_noop("Second factor needed"),
        gettext_noop(
            "You work with data of people: set up a second factor at the desk, under Second factor, first."
        ),
    ),
    "throttled": (
        gettext_noop("Too many tries"),
        gettext_noop("This was tried too often. Wait a quarter of an hour, then try again."),
    ),
    "too_many_requests": (
        gettext_noop("Too many requests"),
        gettext_noop(
            "This account has sent as much as it may for now. Wait as long as the header `Retry-After` says; send many"
            " records at once with the addresses that end in `/bulk/`."
        ),
    ),
    "idempotency_key_needed": (
        gettext_noop("Key needed"),
        gettext_noop(
            "Nothing was saved. Send the header `Idempotency-Key` with a value of your own for each new record, such as"
            " a UUID, so that you can safely send it again."
        ),
    ),
    "idempotency_key_unreadable": (
        gettext_noop("Key not understood"),
        gettext_noop(
            "Nothing was saved. `Idempotency-Key` holds 1 to 255 visible ASCII characters, such as a UUID."
        ),
    ),
    "idempotency_key_reused": (
        gettext_noop("Key used before"),
        gettext_noop(
            "Nothing was saved: something else was sent under this `Idempotency-Key`. Take a new key for each new record."
        ),
    ),
    "idempotency_key_in_flight": (
        gettext_noop("Still at work"),
        gettext_noop(
            "The first request with this `Idempotency-Key` is being carried out. Send it again in a second for its answer."
        ),
    ),
    "precondition_needed": (
        gettext_noop("Say what you saw"),
        gettext_noop(
            "Nothing was saved. Read the record, and send its `ETag` as `If-Match` with what you change."
        ),
    ),
    "precondition_failed": (
        gettext_noop("Changed since"),
        gettext_noop(
            "Nothing was saved: the record is not as you saw it. Read it again, look at what changed, and send again."
        ),
    ),
    "permission_denied": (
        gettext_noop("Not allowed"),
        gettext_noop("Your role does not allow this here. Ask your organisation's administrator."),
    ),
    "not_found": (
        gettext_noop("Not found"),
        gettext_noop("There is nothing here that you may see. Check the address."),
    ),
    "restored": (
        gettext_noop("Restored from a backup"),
        gettext_noop(
            "The service was restored from a backup after you got this cursor: what you read since may not be here. Start "
            "again without `cursor`, and read the lists anew."
        ),
    ),
    "method_not_allowed": (
        gettext_noop("Method not allowed"),
        gettext_noop("This address does not take this method. The header `Allow` lists those that it takes."),
    ),
    "not_acceptable": (
        gettext_noop("Not available in this format"),
        gettext_noop("Ask for application/json, or leave out the header `Accept`."),
    ),
    "unsupported_media_type": (
        gettext_noop("Format not understood"),
        gettext_noop(
            "Send JSON with the header `Content-Type: application/json`; a file goes as `multipart/form-data`."
        ),
    ),
    "too_large": (
        gettext_noop("Too large"),
        gettext_noop("One request carries at most 1 MB. Send less at once."),
    ),
    "unavailable": (
        gettext_noop("Not available for the moment"),
        gettext_noop("The database does not answer. Nothing is lost; try again in a few seconds."),
    ),
    "error": (
        gettext_noop("Our mistake"),
        gettext_noop("Something is wrong on our side; nothing was saved. Tell us the `request_id`."),
    ),
}
