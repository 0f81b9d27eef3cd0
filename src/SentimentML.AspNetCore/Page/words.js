// What the page says, in both of its languages.

const words = {
  es: {
    title: '¿Qué dicen los textos?', model: 'Modelo', language: 'Idioma',
    about: (name, labels) => `El modelo ${name} responde ${labels}.`,
    texts: 'Textos', byLine: 'Cada línea es un texto', classify: 'Clasificar', stop: 'Detener',
    chooseFile: 'Elegir un archivo', dropHint: 'o suéltalo aquí: csv, tsv, txt, xlsx, jsonl, json, xml o parquet, comprimido o no.',
    textColumn: 'Columna del texto (si no se detecta automáticamente)',
    summary: 'Resumen', labels: 'Etiquetas', certainty: 'Confianza', certaintyHint: 'La probabilidad de la etiqueta elegida: a la izquierda, las respuestas dudosas.',
    classified: 'Textos clasificados', label: 'Etiqueta', atLeast: 'Confianza desde', atMost: 'hasta', order: 'Orden',
    orderGiven: 'el del archivo', orderUnsure: 'primero los más dudosos', orderSure: 'primero los más seguros',
    legendFor: 'a favor de la etiqueta', legendAgainst: 'en contra', more: 'Mostrar más',
    inFavour: 'A favor', against: 'En contra', unexplained: 'No se pudo explicar.', onlyBeginning: 'El modelo solo leyó el principio.',
    rightLabel: 'Etiqueta correcta', unchanged: 'sin corregir', row: 'Texto',
    download: 'Descargar', resultsHint: 'Los textos que pasan el filtro, con su etiqueta y sus probabilidades.',
    correctionsHint: 'Los textos que etiquetaste, con las columnas text y label: sirven para entrenar.',
    resultsFile: 'resultados', correctionsFile: 'correcciones',
    results: (n) => `Resultados: ${n}`, corrections: (n) => `Correcciones: ${n}`,
    count: (shown, matching, all) => `Se muestran ${shown} de ${matching}; en total hay ${all}.`,
    missing: (rows) => `Filas sin texto, que no tienen respuesta: ${rows}.`,
    tooMany: (kept, all) => `Los gráficos cuentan los ${all} textos; se muestran y se descargan los primeros ${kept}. Para todos: sentimentml predict.`,
    sending: (name) => `Enviando ${name}…`, working: (done, all) => `${count(done)} de ${texts(all)}`, done: (n) => `Listo: ${texts(n)}.`, stopped: (n) => `Detenido tras ${texts(n)}.`,
    noTexts: 'Escribe al menos un texto.', notAFile: (name) => `${name} no es un archivo que se pueda leer: csv, tsv, txt, xlsx, jsonl, json, xml o parquet.`,
    share: (label, count, percent) => `${label}: ${count} (${percent})`, bin: (from, to, count) => `del ${from} al ${to} %: ${count}`,
    keyTitle: 'Este servidor pide una clave', keyHint: 'Se guarda solo en esta pestaña.', keyWrong: 'El servidor no aceptó esa clave.', key: 'Clave', useKey: 'Usar la clave', cancel: 'Cancelar',
    faults: {
      0: 'No se pudo conectar con el servidor.', 401: 'Sin la clave, el servidor no responde.', 408: 'El envío tardó demasiado.', 413: 'Es demasiado para este servidor.',
      415: 'El servidor no lee este formato.', 422: 'El servidor no pudo leerlo.', 429: 'El servidor está ocupado. Inténtalo de nuevo en un momento.', 503: 'El servidor no está listo.',
      cut: 'La respuesta se cortó; los textos de abajo son los que llegaron.', other: 'El servidor no pudo responder.',
    },
  },
  en: {
    title: 'What do the texts say?', model: 'Model', language: 'Language',
    about: (name, labels) => `The model ${name} answers ${labels}.`,
    texts: 'Texts', byLine: 'Each line is a text', classify: 'Classify', stop: 'Stop',
    chooseFile: 'Choose a file', dropHint: 'or drop it here: csv, tsv, txt, xlsx, jsonl, json, xml or parquet, compressed or not.',
    textColumn: 'Text column (if it is not found automatically)',
    summary: 'Summary', labels: 'Labels', certainty: 'Certainty', certaintyHint: 'The probability of the chosen label: uncertain answers are on the left.',
    classified: 'Classified texts', label: 'Label', atLeast: 'Certainty from', atMost: 'to', order: 'Order',
    orderGiven: 'as in the file', orderUnsure: 'least certain first', orderSure: 'most certain first',
    legendFor: 'for the label', legendAgainst: 'against it', more: 'Show more',
    inFavour: 'For', against: 'Against', unexplained: 'It could not be explained.', onlyBeginning: 'The model read only the beginning.',
    rightLabel: 'Right label', unchanged: 'not corrected', row: 'Text',
    download: 'Download', resultsHint: 'The texts that pass the filter, with their labels and probabilities.',
    correctionsHint: 'The texts that you labelled, with the columns text and label: ready to train on.',
    resultsFile: 'results', correctionsFile: 'corrections',
    results: (n) => `Results: ${n}`, corrections: (n) => `Corrections: ${n}`,
    count: (shown, matching, all) => `Showing ${shown} of ${matching}; there are ${all} in all.`,
    missing: (rows) => `Rows without a text, which have no answer: ${rows}.`,
    tooMany: (kept, all) => `The charts count all ${all} texts; the first ${kept} are shown and downloaded. For all of them: sentimentml predict.`,
    sending: (name) => `Sending ${name}…`, working: (done, all) => `${count(done)} of ${texts(all)}`, done: (n) => `Done: ${texts(n)}.`, stopped: (n) => `Stopped after ${texts(n)}.`,
    noTexts: 'Type at least one text.', notAFile: (name) => `${name} is not a file that can be read: csv, tsv, txt, xlsx, jsonl, json, xml or parquet.`,
    share: (label, count, percent) => `${label}: ${count} (${percent})`, bin: (from, to, count) => `${from} to ${to} %: ${count}`,
    keyTitle: 'This server asks for a key', keyHint: 'It is kept in this tab only.', keyWrong: 'The server did not accept that key.', key: 'Key', useKey: 'Use the key', cancel: 'Cancel',
    faults: {
      0: 'The server could not be reached.', 401: 'The server does not answer without the key.', 408: 'Sending took too long.', 413: 'It is too much for this server.',
      415: 'The server does not read this format.', 422: 'The server could not read it.', 429: 'The server is busy. Try again in a moment.', 503: 'The server is not ready.',
      cut: 'The answer was cut off; the texts below are those that arrived.', other: 'The server could not answer.',
    },
  },
};

const texts = (number) => `${count(number)} ${{ es: ['texto', 'textos'], en: ['text', 'texts'] }[language][number === 1 ? 0 : 1]}`;

const KEPT = 'sentimentml-language';

let language = kept() ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in words) ?? 'en';

/** The words of the chosen language. */
export const say = new Proxy({}, { get: (_, name) => words[language][name] });

export const chosen = () => language;

/** A whole number as the language writes it. */
export const count = (number) => new Intl.NumberFormat(language, { useGrouping: 'always' }).format(number);

/** A share as a percentage. */
export const percent = (share, digits = 0) =>
  new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share);

export const decimal = (number) => new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(number);

export const list = (items) => new Intl.ListFormat(language, { type: 'disjunction' }).format(items);

/** Changes the language, and all that stands in the page by itself. */
export function speak(tag = language) {
  language = tag;
  document.documentElement.lang = tag;
  for (const element of document.querySelectorAll('[data-say]'))
    element.textContent = words[tag][element.dataset.say];
}

export function keep() {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // The browser keeps nothing for this page: the language is chosen again next time.
  }
}

function kept() {
  try {
    const tag = localStorage.getItem(KEPT);
    return tag in words ? tag : undefined;
  } catch {
    return undefined;
  }
}
