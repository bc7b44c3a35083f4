// Runs questions in ClickHouse, as a library (npm chdb), for TestSecondEngine.
// ERRSCOPE_CHDB is a folder whose node_modules hold it; DIR takes its data.
// usage: node run.mjs DIR < {"statements": [SQL], "questions": {NAME: SQL}}
// Prints {NAME: {"rows": [{…}]} or {"error": "…"}}.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
const { Session } = createRequire(process.env.ERRSCOPE_CHDB + '/')('chdb');

const job = JSON.parse(readFileSync(0, 'utf8'));
const session = new Session(process.argv[2]);
for (const s of job.statements) {
  try {
    session.query(s, 'CSV');
  } catch (e) {
    console.error(`${s}\n${e.message}`);
    process.exit(1);
  }
}
const answers = {};
for (const [name, sql] of Object.entries(job.questions)) {
  try {
    const text = session.query(sql, 'JSONEachRow');
    answers[name] = { rows: text.split('\n').filter((l) => l !== '').map((l) => JSON.parse(l)) };
  } catch (e) {
    answers[name] = { error: String(e.message).slice(0, 600) };
  }
}
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
