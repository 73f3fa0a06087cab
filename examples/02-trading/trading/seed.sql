-- The orders of `trading` and some to look at. Applied once a database, by its owner.
-- The rows have no fixed identity: applied twice, there would be six.
CREATE TABLE IF NOT EXISTS orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account bigint NOT NULL,
    symbol text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    price numeric(12, 2) NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO orders (account, symbol, quantity, price) VALUES
    (1, 'ACME', 10, 101.50),
    (1, 'GLOBEX', 3, 57.25),
    (2, 'INITECH', 120, 12.00);
