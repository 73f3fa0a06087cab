// Creates the login that owns the database, in that database, or sets its password and rights again. Safe to repeat.
// Environment: ROOT_USER, ROOT_PASSWORD, DATABASE, OWNER, OWNER_PASSWORD
// MongoDB creates the database itself at the first write.

const { ROOT_USER, ROOT_PASSWORD, DATABASE, OWNER, OWNER_PASSWORD } = process.env;
if (!OWNER_PASSWORD) {
  throw new Error('OWNER_PASSWORD is empty');
}
db.getSiblingDB('admin').auth(ROOT_USER, ROOT_PASSWORD);

const database = db.getSiblingDB(DATABASE);
const rights = { pwd: OWNER_PASSWORD, roles: [{ role: 'dbOwner', db: DATABASE }] };
try {
  database.createUser({ user: OWNER, ...rights });
} catch (error) {
  if (error.code !== 51003) { // the user is there already
    throw error;
  }
  database.updateUser(OWNER, rights);
}
print(`${OWNER} owns ${DATABASE}`);
