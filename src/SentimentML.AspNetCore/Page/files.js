// Files that are sent, and files that are downloaded.

const TYPES = {
  csv: 'text/csv', txt: 'text/plain', tsv: 'text/tab-separated-values', tab: 'text/tab-separated-values', jsonl: 'application/x-ndjson', ndjson: 'application/x-ndjson',
  json: 'application/json', xml: 'application/xml', parquet: 'application/vnd.apache.parquet', pq: 'application/vnd.apache.parquet',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', xlsm: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** A file's type by its name, since browsers and systems disagree; the server sees itself how it is compressed. */
export function typeOf(name) {
  const extension = name.toLowerCase().replace(/\.(gz|bz2|xz|zst|zip)$/, '').split('.').pop();
  return TYPES[extension];
}

/** Comma-separated values (RFC 4180), with the mark by which spreadsheets know UTF-8. */
export function csv(columns, rows) {
  const line = (fields) => fields.map(field).join(',') + '\r\n';
  return ['\uFEFF', line(columns), ...rows.map(line)];
}

/** A JSON object a line. */
export function jsonLines(columns, rows) {
  return rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((column, i) => [column, row[i]]))) + '\n');
}

export function download(name, parts, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function field(value) {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
