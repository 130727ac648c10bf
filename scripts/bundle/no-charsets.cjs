// In place of iconv-lite, in the bundle only.
exports.encodingExists = () => false;
exports.getDecoder = (charset) => {
  throw new Error(`The bundle knows no charsets, and was asked for ${charset}.`);
};
