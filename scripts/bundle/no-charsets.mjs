// In place of iconv-lite, in the bundle only.
export const encodingExists = () => false;
export const getDecoder = (charset) => {
  throw new Error(`The bundle knows no charsets, and was asked for ${charset}.`);
};
