"""A Discord on 127.0.0.1, in a process of its own, for tests over a real socket and for benchmarks.

    python -m tests.wire.loopback [--port 0] [--until-stdin-closes]

prints one JSON line, `{"port", "api", "control"}`, and listens. `api` is the REST root (`…/api/v10`); the gateway's
address comes from it. Any token works unless it is set as bad. All ids are strings of digits. A control request that
asks for what a person could not do (press a disabled button, type a hidden command) is answered 409 with `error`.

The world
    POST /control/guilds
        {name, owner, everyone: [permission], roles: [{name, permissions}], bot_roles: [name],
         channels: [{name, type: text|announcement|forum, deny: [permission]}],
         members: [{name, roles: [name], account_age_days, member_days, dms_closed}]}
         → {id, owner, roles: {name: id}, channels: {name: id}, members: {name: id}}
    PATCH /control/guilds/G
        {name}      DELETE: the bot is removed
    POST /control/guilds/G/roles
        {name, permissions}     PATCH …/roles/R {permissions}   (R = G is @everyone)
    POST /control/guilds/G/channels
        {name, type, deny}
    POST /control/guilds/G/members
        {name, …} or {id}       PATCH …/members/U {roles: [id]}
    PATCH /control/users/U
        {dms_closed}
    DELETE /control/channels/C
    PATCH /control/channels/C
        {archived, locked}: of a thread
    POST /control/channels/C/threads
        {name}      GET: a channel's threads, each with its `messages`
    PATCH /control/channels/C/permissions
        {allow: [], deny: [], target: the bot unless given}; empty lists restore
    GET /control/channels/C/messages
        every message that all can see, oldest first, with `edits`
    GET /control/users/U/messages
        the same for direct messages with the bot
    POST /control/messages
        {user, channel: a direct message unless given, content}: a member writes
    GET, DELETE /control/messages/M
        DELETE: somebody deletes it

Members act
    POST /control/interactions
        {kind, user, wait: 4.0, until: "answer"|"ack"} and, by kind,
             slash         channel (none: a direct message), command: "poll open", options: {name: value}, force
             autocomplete  the same, focused: option name
             message_menu  channel, command, message
             button        message, custom_id, force (also pressed when it is not there any more)
             select        message, custom_id, values: [], force
             modal         interaction (the one that showed it), fields: {custom_id: value or [values]}
         → {id, token, user_id, acknowledged, ms, answered_ms, type, deferred, loading, ephemeral, message, followups,
            choices, modal, edits}.  `ms` is the time until acknowledged, `answered_ms` until something was to be read
    GET /control/interactions/I?wait=&until=
        the same, later
    GET /control/commands[?guild=G]
        what is registered

What went over the wire
    GET /control/status
        connects, identifies, resumes, invalidated, heartbeats, syncs, connections,
         connected_shards, sessions, violations, too_many: {global, user} (requests refused), app_id
    GET /control/log?method=&path=REGEX&since=N
        requests of the bot (path without /api/v10): n, at, method, path, query,
         status, ms, body. DELETE empties it. Callbacks of a load run are left out
    GET /control/violations
        requests that broke a limit (50035, 50006), acknowledged twice (40060) or too late
         (10062), or asked for a route that is not there (0). DELETE empties it

What goes wrong
    POST /control/faults
        {method, path: REGEX, times: 1 (null: always), skip: 0, status, retry_after, global, code,
         message, delay: seconds, hang, drop, after}. 429 carries the X-RateLimit headers.
         `after`: the request takes effect and only its answer is spoilt.
         To answer nothing at all: path "", times null, hang; to hold every answer: path "", times null, delay.
    GET, DELETE /control/faults
        what is armed and how often it hit; DELETE clears, and lets go what hangs
    POST /control/gateway
        {action: drop [code] | reconnect | invalidate [resumable] | silence | speak}
    PATCH /control/settings
        {bad_tokens, bad_gateway_tokens (close 4004), privileged_intents, shards,
         heartbeat_interval_ms, refuse_resume, acknowledge_within_s,
         rate_limits (50 requests a second, 5 posts and 5 edits in 5 s and channel, 10 published in an hour),
         nonce_known_s}

Load, fired from inside this process
    POST /control/load
        {kind: button|select|slash|autocomplete, channel or message, custom_id or custom_ids, values
         (of a select: one or a list each), command, options (or a list of them), focused,
         members, first_member, account_age_days, in_flight or per_second, total, warmup, detail, latencies,
         background, force}
         → {id, done, fired, count, seconds, rate, open, by_type, unacknowledged,
            ms: {p50, p90, p95, p99, mean, min, max}}; with `latencies` all of them;
            with `detail` also acknowledged: [{user_id, template, ms, type, text, interaction}]
         Members are voters of their own, the same ones for the same day, `account_age_days` and `first_member`. The
         message is what it was at the start. Without one, clicks come from an unseen ephemeral message
    GET /control/load/N?wait=[&latencies]
        a background run's figures     DELETE: fire no more
"""
