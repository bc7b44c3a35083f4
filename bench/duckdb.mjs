// Asks DuckDB, through its official Node package, for what errscope answers.
// usage: node duckdb.mjs FILE ask|load DATABASE
// "ask" reads the file with read_csv and stores nothing; "load" makes a table
// first. Both print [{status, n, bytes}] as JSON.
import { DuckDBInstance } from '@duckdb/node-api';

const [file, how, database] = process.argv.slice(2);
const instance = await DuckDBInstance.create(how === 'load' ? database : ':memory:');
const db = await instance.connect();
await db.run('SET preserve_insertion_order = false');
const columns = ['client', 'ident', 'login', 'day', 'zone', 'request', 'status', 'bytes', 'referer', 'agent', 'host', 'duration', 'upstream', 'upstream_status', 'upstream_time', 'id'];
// Lists of upstreams hold blanks: a line with three attempts has six words more.
columns.push('more1', 'more2', 'more3', 'more4', 'more5', 'more6');
const types = columns.map((c) => `'${c}': '${c === 'status' || c === 'bytes' ? 'BIGINT' : 'VARCHAR'}'`).join(', ');
const source = `read_csv('${file.replaceAll("'", "''")}', delim = ' ', quote = '"', escape = '"', header = false, nullstr = '-', auto_detect = false, null_padding = true, strict_mode = false, columns = {${types}})`;
let table = source;
if (how === 'load') {
  await db.run(`CREATE TABLE log AS SELECT strptime(day || ' ' || zone, '[%d/%b/%Y:%H:%M:%S %z]') AS ts, * FROM ${source}`);
  await db.run('CHECKPOINT');
  table = 'log';
}
const rows = await db.runAndReadAll(`SELECT status, count(*) AS n, coalesce(sum(bytes), 0)::BIGINT AS bytes FROM ${table} GROUP BY ALL ORDER BY 1`);
console.log(JSON.stringify(rows.getRowObjects().map((r) => ({ status: Number(r.status), n: Number(r.n), bytes: Number(r.bytes) }))));
db.closeSync();
