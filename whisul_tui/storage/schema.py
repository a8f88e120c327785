"""The schema of `jobs.db` and the steps that lead to it.

A prompt's text is kept once and its jobs point to it: the history of distinct prompts is then a table, not a search.
`blocks` counts the visible jobs of every 2,048 numbers by state, so that totals and positions need no walk over the
jobs. `words` is a contentless trigram index of the visible jobs alone. The revision counts what may change the rows or
the order of a view; a poll does not. All three are kept by triggers. The `sort_` columns are never NULL, so that a
place in their order is one row value; their indexes name `forgotten_at` too, without which SQLite would look into the
table for every row it passes. All times are seconds since 1970, `forgotten_at` hides a job. `families` are the jobs of
one expanded prompt or of one batch, of which `at_once` may be with Whisul at a time; `kept` is what the TUI remembers
by kind and name, `requests` counts an account's requests by day and kind; `place` is a held job's place in the outbox
where the user moved it, `origin` the host it was imported from, `told` the end that on_event was told of.
"""

from __future__ import annotations

APPLICATION_ID = 0x57484953  # "WHIS": tells our file from any other program's
BLOCK_BITS = 11  # numbers >> 11: the triggers below carry the same figure

_TABLES = """
CREATE TABLE prompts (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  used_at REAL NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX prompts_recent ON prompts (used_at);
CREATE TABLE jobs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  state TEXT NOT NULL CHECK (state IN (
    'held', 'sending', 'unconfirmed', 'running', 'completed', 'failed', 'rejected', 'expired')),
  forgotten_at REAL,
  prompt INTEGER NOT NULL REFERENCES prompts (id),
  account TEXT NOT NULL,
  client_id TEXT NOT NULL UNIQUE,
  job_id TEXT,
  created_at REAL NOT NULL,
  changed_at REAL NOT NULL,
  not_before REAL,
  sent_at REAL,
  accepted_at REAL,
  started_at REAL,
  finished_at REAL,
  asked_at REAL,
  seen_at REAL,
  due_at REAL,
  claim_host TEXT,
  claim_pid INTEGER,
  claim_started REAL,
  claimed_at REAL,
  starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1)),
  parent INTEGER REFERENCES jobs (number) ON DELETE SET NULL,
  bpm REAL,
  seconds REAL,
  sort_name TEXT NOT NULL,
  sort_bpm REAL AS (coalesce(bpm, -1.0)) STORED,
  sort_seconds REAL AS (coalesce(seconds, -1.0)) STORED,
  sort_elapsed REAL AS (coalesce(max(0.0, finished_at - started_at), -1.0)) STORED,
  title TEXT,
  tags TEXT,
  song_url TEXT,
  image_url TEXT,
  remote_status TEXT,
  message TEXT,
  CHECK (state NOT IN ('running', 'completed', 'failed', 'expired') OR job_id IS NOT NULL)
) STRICT;
CREATE TABLE blocks (
  block INTEGER NOT NULL,
  state TEXT NOT NULL,
  jobs INTEGER NOT NULL CHECK (jobs >= 0),
  PRIMARY KEY (block, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE revisions (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
INSERT INTO revisions VALUES (1, 0);
CREATE TABLE gates (account TEXT PRIMARY KEY, gate TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE drafts (slot TEXT PRIMARY KEY, text TEXT NOT NULL, saved_at REAL NOT NULL) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (prompt, title, tags, content='', columnsize=0, tokenize='trigram')
"""

_INDEXES = """
CREATE INDEX jobs_id ON jobs (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX jobs_prompt ON jobs (prompt, created_at, state);
CREATE INDEX jobs_parent ON jobs (parent) WHERE parent IS NOT NULL;
CREATE INDEX jobs_running ON jobs (account, due_at) WHERE state = 'running';
CREATE INDEX jobs_sending ON jobs (account) WHERE state = 'sending';
CREATE INDEX jobs_held ON jobs (account, not_before) WHERE state = 'held';
CREATE INDEX jobs_completed ON jobs (account, finished_at, sort_elapsed) WHERE state = 'completed';
CREATE INDEX jobs_state ON jobs (state, number, forgotten_at) WHERE forgotten_at IS NULL;
CREATE INDEX jobs_name ON jobs (sort_name, number, forgotten_at, state) WHERE forgotten_at IS NULL;
CREATE INDEX jobs_bpm ON jobs (sort_bpm, number, forgotten_at, state) WHERE forgotten_at IS NULL;
CREATE INDEX jobs_seconds ON jobs (sort_seconds, number, forgotten_at, state) WHERE forgotten_at IS NULL;
CREATE INDEX jobs_elapsed ON jobs (sort_elapsed, number, forgotten_at, state) WHERE forgotten_at IS NULL
"""

# Separated by lines of their own: a trigger's body has semicolons.
_TRIGGERS = """
CREATE TRIGGER jobs_added AFTER INSERT ON jobs WHEN new.forgotten_at IS NULL BEGIN
  INSERT INTO blocks VALUES (new.number >> 11, new.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
  UPDATE revisions SET revision = revision + 1;
  INSERT INTO words (rowid, prompt, title, tags) SELECT new.number, text, new.title, new.tags
    FROM prompts WHERE id = new.prompt;
END
--
CREATE TRIGGER jobs_removed AFTER DELETE ON jobs WHEN old.forgotten_at IS NULL BEGIN
  UPDATE blocks SET jobs = jobs - 1 WHERE block = old.number >> 11 AND state = old.state;
  UPDATE revisions SET revision = revision + 1;
  INSERT INTO words (words, rowid, prompt, title, tags) SELECT 'delete', old.number, text, old.title, old.tags
    FROM prompts WHERE id = old.prompt;
END
--
CREATE TRIGGER jobs_moved AFTER UPDATE OF state, forgotten_at ON jobs
WHEN old.state IS NOT new.state OR (old.forgotten_at IS NULL) IS NOT (new.forgotten_at IS NULL) BEGIN
  UPDATE blocks SET jobs = jobs - 1
    WHERE old.forgotten_at IS NULL AND block = old.number >> 11 AND state = old.state;
  INSERT INTO blocks SELECT new.number >> 11, new.state, 1 WHERE new.forgotten_at IS NULL
    ON CONFLICT DO UPDATE SET jobs = jobs + 1;
  UPDATE revisions SET revision = revision + 1;
END
--
CREATE TRIGGER jobs_reworded AFTER UPDATE OF title, tags, forgotten_at ON jobs
WHEN old.title IS NOT new.title OR old.tags IS NOT new.tags
  OR (old.forgotten_at IS NULL) IS NOT (new.forgotten_at IS NULL) BEGIN
  INSERT INTO words (words, rowid, prompt, title, tags) SELECT 'delete', old.number, text, old.title, old.tags
    FROM prompts WHERE id = old.prompt AND old.forgotten_at IS NULL;
  INSERT INTO words (rowid, prompt, title, tags) SELECT new.number, text, new.title, new.tags
    FROM prompts WHERE id = new.prompt AND new.forgotten_at IS NULL;
END
"""

# Step 2: what the user says of a job. Own tags are searched with Whisul's, a note with the title; a job without them is
# indexed by the very text of step 1, since a contentless index forgets a row only by the words that it was given.
# `jobs_figures` has all that a filter asks for besides words, in a fifth of the room: nothing that a poll writes.
_SAID = """
CREATE TABLE families (
  id INTEGER PRIMARY KEY,
  template TEXT NOT NULL,
  made_at REAL NOT NULL,
  at_once INTEGER CHECK (at_once > 0)
) STRICT;
CREATE TABLE kept (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  changed_at REAL NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE requests (
  account TEXT NOT NULL,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  requests INTEGER NOT NULL CHECK (requests >= 0),
  PRIMARY KEY (account, day, kind)
) STRICT, WITHOUT ROWID;
ALTER TABLE prompts ADD COLUMN starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1));
ALTER TABLE jobs ADD COLUMN family INTEGER REFERENCES families (id) ON DELETE SET NULL;
ALTER TABLE jobs ADD COLUMN own_tags TEXT;
ALTER TABLE jobs ADD COLUMN note TEXT;
ALTER TABLE jobs ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));
ALTER TABLE jobs ADD COLUMN place REAL;
ALTER TABLE jobs ADD COLUMN origin TEXT;
ALTER TABLE jobs ADD COLUMN told TEXT;
CREATE INDEX prompts_starred ON prompts (used_at) WHERE starred;
CREATE INDEX jobs_family ON jobs (family, state, number) WHERE family IS NOT NULL;
CREATE INDEX jobs_claimed ON jobs (family, number) WHERE state = 'held' AND claimed_at IS NOT NULL;
CREATE INDEX jobs_sent ON jobs (account, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX jobs_forgotten ON jobs (forgotten_at) WHERE forgotten_at IS NOT NULL;
CREATE INDEX jobs_tagged ON jobs (own_tags, forgotten_at) WHERE own_tags IS NOT NULL;
CREATE INDEX jobs_figures ON jobs (number, forgotten_at, state, starred, bpm, seconds, created_at)
  WHERE forgotten_at IS NULL;
DROP TRIGGER jobs_added;
DROP TRIGGER jobs_removed;
DROP TRIGGER jobs_reworded
"""
SEARCHED = """
    CASE WHEN {0}.note IS NULL THEN {0}.title ELSE coalesce({0}.title, '') || char(10) || {0}.note END,
    CASE WHEN {0}.own_tags IS NULL THEN {0}.tags ELSE coalesce({0}.tags, '') || char(10) || {0}.own_tags END"""
_OLD, _NEW = SEARCHED.format("old"), SEARCHED.format("new")
_SAID_TRIGGERS = f"""
CREATE TRIGGER jobs_added AFTER INSERT ON jobs WHEN new.forgotten_at IS NULL BEGIN
  INSERT INTO blocks VALUES (new.number >> 11, new.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
  UPDATE revisions SET revision = revision + 1;
  INSERT INTO words (rowid, prompt, title, tags) SELECT new.number, text, {_NEW}
    FROM prompts WHERE id = new.prompt;
END
--
CREATE TRIGGER jobs_removed AFTER DELETE ON jobs WHEN old.forgotten_at IS NULL BEGIN
  UPDATE blocks SET jobs = jobs - 1 WHERE block = old.number >> 11 AND state = old.state;
  UPDATE revisions SET revision = revision + 1;
  INSERT INTO words (words, rowid, prompt, title, tags) SELECT 'delete', old.number, text, {_OLD}
    FROM prompts WHERE id = old.prompt;
END
--
CREATE TRIGGER jobs_reworded AFTER UPDATE OF prompt, title, tags, own_tags, note, forgotten_at ON jobs
WHEN old.title IS NOT new.title OR old.tags IS NOT new.tags OR old.own_tags IS NOT new.own_tags
  OR old.note IS NOT new.note OR old.prompt IS NOT new.prompt
  OR (old.forgotten_at IS NULL) IS NOT (new.forgotten_at IS NULL) BEGIN
  INSERT INTO words (words, rowid, prompt, title, tags) SELECT 'delete', old.number, text, {_OLD}
    FROM prompts WHERE id = old.prompt AND old.forgotten_at IS NULL;
  INSERT INTO words (rowid, prompt, title, tags) SELECT new.number, text, {_NEW}
    FROM prompts WHERE id = new.prompt AND new.forgotten_at IS NULL;
  UPDATE revisions SET revision = revision + 1;
END
--
CREATE TRIGGER jobs_starred AFTER UPDATE OF starred ON jobs WHEN old.starred IS NOT new.starred BEGIN
  UPDATE revisions SET revision = revision + 1;
END
"""  # noqa: S608 - made of the constants above


def _statements(sql: str, separator: str) -> tuple[str, ...]:
    return tuple(statement.strip() for statement in sql.split(separator) if statement.strip())


# STEPS[n] leads from user_version n to n + 1; a step that was released is never edited.
STEPS: list[tuple[str, ...]] = [
    (*_statements(_TABLES, ";"), *_statements(_INDEXES, ";"), *_statements(_TRIGGERS, "\n--\n")),
    (*_statements(_SAID, ";"), *_statements(_SAID_TRIGGERS, "\n--\n")),
]
