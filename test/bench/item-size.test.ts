import { itemSize } from '../../bench/count/item-size'

describe('the size of an item to DynamoDB', () => {
  it.each([
    ['the UTF-8 of names and texts', { käse: { S: 'brie €' } }, 5 + 8],
    ['a byte for two digits of a number, and one', { n: { N: '1772448031000' } }, 1 + 6],
    ['one more for a negative number', { n: { N: '-12' } }, 1 + 3],
    ['one for what is true, false or null', { a: { BOOL: true }, b: { NULL: true } }, 4],
    [
      'three for a map and one for each member',
      { m: { M: { a: { S: 'xy' }, b: { S: '' } } } },
      1 + 3 + 4 + 2,
    ],
    ['three for a list and one for each member', { l: { L: [{ S: 'xy' }, { N: '1' }] } }, 1 + 3 + 3 + 3],
    ['the members of a set', { s: { SS: ['ab', 'cd'] } }, 5],
  ])('counts %s', (_, item, size) => {
    expect(itemSize(item)).toBe(size)
  })
})
