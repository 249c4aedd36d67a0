// SPDX-License-Identifier: Apache-2.0
#include "stroke_font.hpp"

#include <algorithm>
#include <array>

namespace guide::simulate {
namespace {

/// Lines through points, each two digits x y; a space lifts the pen.
constexpr std::array<const char*, 95> kGlyphs{
    "",                                  // space
    "2024 2626",                         // !
    "1012 3032",                         // "
    "1016 3036 0242 0444",               // #
    "41100123344536 05 2026",            // $
    "4006 1010 3636",                    // %
    "46102030314051636 43",              // &
    "2022",                              // '
    "30212536",                          // (
    "10212516",                          // )
    "2125 0244 0442",                    // *
    "0343 2125",                         // +
    "2617",                              // ,
    "1333",                              // -
    "2626",                              // .
    "4006",                              // /
    "100105163645413010",                // 0
    "112026 1636",                       // 1
    "01103041420646",                    // 2
    "0110304142331333 3344453616 05",    // 3
    "36300444",                          // 4
    "40000312324345361605",              // 5
    "3010010516364544331304",            // 6
    "004016",                            // 7
    "13020110304142331304051636454433",  // 8
    "1636454130100102133342",            // 9
    "2323 2626",                         // :
    "2323 2617",                         // ;
    "311335",                            // <
    "0242 0444",                         // =
    "113315",                            // >
    "01103041422324 2626",               // ?
    "34231434 3544413010010516 36",      // @
    "062046 1434",                       // A
    "06003041423303 3344453606",         // B
    "4130100105163645",                  // C
    "06003041453606",                    // D
    "40000646 0333",                     // E
    "400006 0333",                       // F
    "41301001051636454323",              // G
    "0006 4046 0343",                    // H
    "2026 1030 1636",                    // I
    "4045361605",                        // J
    "0006 4004 1346",                    // K
    "000646",                            // L
    "0600234046",                        // M
    "06004640",                          // N
    "100105163645413010",                // O
    "06003041423303",                    // P
    "100105163645413010 2446",           // Q
    "06003041423303 2346",               // R
    "413010010213334445361605",          // S
    "0040 2026",                         // T
    "000516364540",                      // U
    "002640",                            // V
    "0016233640",                        // W
    "0046 4006",                         // X
    "002340 2326",                       // Y
    "00400646",                          // Z
    "30202636",                          // [
    "0046",                              // backslash
    "10202616",                          // ]
    "112031",                            // ^
    "0646",                              // _
    "1021",                              // `
    "12324346 4414051636 45",            // a
    "0006 0312324345361605",             // b
    "4332120305163645",                  // c
    "4046 4332120305163645",             // d
    "04444332120305163645",              // e
    "40302126 1232",                     // f
    "4247381807 4332120305163645",       // g
    "0006 0312324346",                   // h
    "2226 2020",                         // i
    "32372818 3030",                     // j
    "0006 4204 1346",                    // k
    "2026",                              // l
    "0206 03122326 23324346",            // m
    "0206 0312324346",                   // n
    "120305163645433212",                // o
    "0208 0312324345361605",             // p
    "4248 4332120305163645",             // q
    "0206 04223243",                     // r
    "43321203143445361605",              // s
    "20253646 1242",                     // t
    "0205163645 4246",                   // u
    "022642",                            // v
    "0216243642",                        // w
    "0246 4206",                         // x
    "0226 4218",                         // y
    "02420646",                          // z
    "30212223132425 36",                 // {
    "2027",                              // |
    "10212223332425 16",                 // }
    "03122332 41",                       // ~
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::vector<FontStroke> strokes_of(char letter, double& width) {
    std::vector<FontStroke> strokes;
    width = 2.2;
    if (letter <= ' ' || letter > '~') return strokes;
    const std::string_view glyph = kGlyphs[static_cast<std::size_t>(letter - ' ')];
    bool down = false;
    double x = 0, y = 0;
    for (std::size_t i = 0; i + 1 < glyph.size();) {
        if (!is_digit(glyph[i]) || !is_digit(glyph[i + 1])) {
            down = false;
            ++i;
            continue;
        }
        const double to_x = glyph[i] - '0', to_y = glyph[i + 1] - '0';
        if (down) strokes.push_back({x, y, to_x, to_y});
        down = true;
        x = to_x;
        y = to_y;
        i += 2;
    }
    double left = 9, right = 0;
    for (const FontStroke& s : strokes) {
        left = std::min({left, s.x0, s.x1});
        right = std::max({right, s.x0, s.x1});
    }
    for (FontStroke& s : strokes) {
        s.x0 -= left;
        s.x1 -= left;
    }
    width = strokes.empty() ? width : right - left;
    return strokes;
}

double text_width(std::string_view text) {
    double sum = 0;
    for (const char letter : text) {
        double width = 0;
        (void)strokes_of(letter, width);
        sum += width + kLetterGap;
    }
    return text.empty() ? 0 : sum - kLetterGap;
}

}  // namespace guide::simulate
