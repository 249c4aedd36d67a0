// SPDX-License-Identifier: Apache-2.0
#include "dicom_colour.hpp"

#include "dicom_file.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace guide::io {
namespace {

std::uint8_t to_byte(std::int32_t value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

std::uint8_t to_byte(double value) {
    return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

struct TableTags {
    DcmTagKey descriptor, data, segmented;
};

/// The words of a table. Entries of 8 bits may come packed, two to a word, or each in a word of its
/// own.
std::vector<std::uint16_t> words_of(DcmElement& element, bool packed_bytes) {
    std::vector<std::uint16_t> words;
    Uint8* bytes = nullptr;
    Uint16* shorts = nullptr;
    std::size_t count = 0;
    if (element.getUint16Array(shorts).good() && shorts != nullptr) {
        count = element.getLength() / 2;
        words.assign(shorts, shorts + count);
    } else if (element.getUint8Array(bytes).good() && bytes != nullptr) {
        // Read as bytes: these are little-endian words, for only a wrong VR gets here.
        for (std::size_t i = 0; i + 1 < element.getLength(); i += 2) {
            words.push_back(static_cast<std::uint16_t>(bytes[i] | bytes[i + 1] << 8));
        }
    }
    if (!packed_bytes) return words;
    std::vector<std::uint16_t> unpacked;
    unpacked.reserve(2 * words.size());
    for (const std::uint16_t w : words) {
        unpacked.push_back(w & 0xffU);
        unpacked.push_back(static_cast<std::uint16_t>(w >> 8U));
    }
    return unpacked;
}

DcmElement* find(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad()) return nullptr;
    return element;
}

}  // namespace

Rgb8 rgb_from_ycbcr(std::uint8_t y, std::uint8_t cb, std::uint8_t cr) {
    constexpr int kHalf = 1 << 15;
    const int b = cb - 128, r = cr - 128;
    // 1.402, 1.772, 0.344136, 0.714136 times 65536
    return {to_byte(y + ((91881 * r + kHalf) >> 16)),
            to_byte(y + ((-22554 * b - 46802 * r + kHalf) >> 16)),
            to_byte(y + ((116130 * b + kHalf) >> 16))};
}

Rgb8 rgb_from_partial_ycbcr(std::uint8_t y, std::uint8_t cb, std::uint8_t cr) {
    const double l = (y - 16) * 255.0 / 219.0, b = (cb - 128) * 255.0 / 224.0,
                 r = (cr - 128) * 255.0 / 224.0;
    return {to_byte(l + 1.402 * r), to_byte(l - 0.344136 * b - 0.714136 * r),
            to_byte(l + 1.772 * b)};
}

Rgb8 Palette::colour(std::int64_t index) const {
    const auto last = static_cast<std::int64_t>(entries.size()) - 1;
    return entries[static_cast<std::size_t>(std::clamp<std::int64_t>(index - first, 0, last))];
}

std::vector<std::uint16_t> expand_segments(const std::vector<std::uint16_t>& data,
                                           std::size_t entries) {
    constexpr std::uint16_t kDiscrete = 0, kLinear = 1, kIndirect = 2;
    std::vector<std::uint16_t> table;
    // Runs `count` segments from `at` on; indirect ones run earlier segments again and must not
    // nest.
    const auto run = [&](auto&& self, std::size_t at, std::size_t count, bool nested) -> bool {
        for (std::size_t done = 0; done < count && at < data.size(); ++done) {
            if (at + 2 > data.size()) return data.size() - at == 1 && !nested;  // a padding word
            const std::uint16_t code = data[at];
            const std::size_t length = data[at + 1];
            at += 2;
            if (code == kDiscrete) {
                if (length > data.size() - at || table.size() + length > entries) return false;
                table.insert(table.end(), data.begin() + static_cast<std::ptrdiff_t>(at),
                             data.begin() + static_cast<std::ptrdiff_t>(at + length));
                at += length;
            } else if (code == kLinear) {
                if (at >= data.size() || table.empty() || table.size() + length > entries)
                    return false;
                const double from = table.back(), to = data[at++];
                for (std::size_t i = 1; i <= length; ++i) {
                    const double v =
                        from + (to - from) * static_cast<double>(i) / static_cast<double>(length);
                    table.push_back(static_cast<std::uint16_t>(std::floor(v + 0.5)));
                }
            } else if (code == kIndirect) {
                if (nested || at + 2 > data.size()) return false;
                const std::size_t target = data[at] + 65536U * std::size_t{data[at + 1]};
                at += 2;
                if (target >= data.size() || !self(self, target, length, true)) return false;
            } else {
                return false;
            }
        }
        return true;
    };
    if (!run(run, 0, data.size(), false)) return {};
    return table;
}

Palette read_palette(DicomFile& file, bool signed_pixels) {
    const std::array<TableTags, 3> tags = {{
        {DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData,
         DCM_SegmentedRedPaletteColorLookupTableData},
        {DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData,
         DCM_SegmentedGreenPaletteColorLookupTableData},
        {DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData,
         DCM_SegmentedBluePaletteColorLookupTableData},
    }};
    std::array<std::vector<std::uint16_t>, 3> tables;
    Palette palette;
    std::int64_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto descriptor = dicom_numbers(file.item(), tags[i].descriptor);
        if (descriptor.size() < 3) file.fail("damaged", "the colour palette has no descriptor");
        const auto stated_count = whole_number(descriptor[0]),
                   stated_first = whole_number(descriptor[1]),
                   stated_bits = whole_number(descriptor[2]);
        if (!stated_count || !stated_first || !stated_bits)
            file.fail("damaged", "the descriptor of the colour palette is out of range");
        // The number of entries is 16 bits wide; 65536 is written as 0, and a wrong VR makes large
        // ones negative.
        const auto count = *stated_count & 0xffff;
        const std::size_t entries = count == 0 ? 65536 : static_cast<std::size_t>(count);
        const auto first = *stated_first & 0xffff;
        palette.first = static_cast<int>(signed_pixels && first >= 32768 ? first - 65536 : first);
        bits = *stated_bits;
        if (bits != 8 && bits != 16)
            file.fail("damaged", "the colour palette is neither of 8 nor of 16 bits");
        if (DcmElement* plain = find(file.item(), tags[i].data)) {
            tables[i] = words_of(*plain, bits == 8 && plain->getLength() < 2 * entries);
        } else if (DcmElement* segmented = find(file.item(), tags[i].segmented)) {
            tables[i] = expand_segments(words_of(*segmented, bits == 8), entries);
        }
        if (tables[i].empty()) file.fail("damaged", "the colour palette is missing or damaged");
        tables[i].resize(entries, tables[i].back());
        if (tables[i].size() != tables[0].size())
            file.fail("damaged", "the tables of the palette differ in length");
    }
    // Some writers declare 16 bits and fill the lower 8.
    std::uint16_t largest = 0;
    for (const auto& table : tables)
        largest = std::max(largest, *std::max_element(table.begin(), table.end()));
    const unsigned shift = bits == 16 && largest > 255 ? 8 : 0;
    for (std::size_t i = 0; i < tables[0].size(); ++i) {
        palette.entries.push_back({static_cast<std::uint8_t>(tables[0][i] >> shift),
                                   static_cast<std::uint8_t>(tables[1][i] >> shift),
                                   static_cast<std::uint8_t>(tables[2][i] >> shift)});
    }
    return palette;
}

}  // namespace guide::io
