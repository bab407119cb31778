/** Parts of invented names: given names of many places, and common words. */
const words = (list: string) => list.trim().split(/\s+/);

export const givenNames = words(`
  Adaeze Aiko Alba Amara Amir Anouk Anton Asha Aurelio Bao Beatriz Bram Camille Cem Chiara
  Dalia Darius Davor Edda Eitan Elif Emeka Enzo Esme Fatou Femi Freya Gael Giulia Goran Hana
  Haruto Hedda Ibrahim Ilse Imani Ines Isko Jaya Jonas Jun Kaia Kofi Lars Leila Linh Lucia
  Mads Malika Mateo Mei Milan Naledi Nia Noor Odile Olu Oskar Paloma Pavel Petra Quang Rafael
  Ravi Rosa Ruben Saga Samir Sanna Selin Simona Soren Tariq Tess Thandi Tomas Uma Vera Viggo
  Wanjiru Xenia Yara Yusuf Zeno Zofia
`);

const firstParts = words(`
  Alder Amber Barley Birch Bright Cedar Clover Copper Coral Elder Fern Flint Frost Garnet
  Hazel Heather Holly Ivory Juniper Lark Linden Maple Marsh Meadow Moss North Olive Orchard
  Pebble Quill Raven Reed River Rowan Saffron Silver Sorrel Thistle Umber Willow Winter Wren
  Yarrow
`);

const secondParts = words(`
  bank beck bridge brook croft dale den field ford gate grove hurst lake lea mere mill moor
  path ridge shaw side stead well wick wood yard
`);

/** Compounds such as Alderbrook, of which there are over a thousand. */
export const familyNames = firstParts.flatMap((first) =>
  secondParts.map((second) => `${first}${second}`),
);
