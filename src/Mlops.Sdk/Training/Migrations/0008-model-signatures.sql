-- Who vouches for a model: this node, which made or imported it.
ALTER TABLE model ADD COLUMN signature TEXT;
