// SPDX-License-Identifier: Apache-2.0
#include "sequence_header.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
#include <system_error>

namespace guide::io {
namespace {

/// PLUS writes some 500 bytes of fields for every frame.
constexpr std::int64_t kLongestHeader = std::int64_t{256} << 20;
/// A file without line ends must not be taken into memory whole.
constexpr std::size_t kLongestLine = std::size_t{1} << 20;

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::vector<double> numbers(std::string_view text) {
    std::vector<double> values;
    while (!(text = trim(text)).empty()) {
        const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
        const auto value = parse_number(text.substr(0, end));
        if (!value) return {};
        values.push_back(*value);
        text.remove_prefix(end);
    }
    return values;
}

/// Reads line by line and knows where the next one starts. A stream would do, but for its locale
/// and its speed.
class Lines {
  public:
    Lines(const std::filesystem::path& path)
        : path_(path.string()), file_(path, std::ios::binary), left_(kLongestHeader) {
        if (!file_) throw IoError(path_, "unreadable", "cannot be opened for reading");
    }
    bool next(std::string& line) {
        line.clear();
        auto& bytes = *file_.rdbuf();
        for (int c = bytes.sbumpc(); c != '\n'; c = bytes.sbumpc()) {
            if (c == std::ifstream::traits_type::eof()) {
                if (line.empty()) return false;
                break;
            }
            if (line.size() == kLongestLine)
                throw IoError(path_, "damaged", "a line of the header does not end");
            line.push_back(static_cast<char>(c));
        }
        position_ += static_cast<std::int64_t>(line.size()) + 1;
        if (position_ > left_) throw IoError(path_, "too-large", "the header does not end");
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return true;
    }
    [[nodiscard]] std::int64_t position() const { return position_; }

  private:
    std::string path_;
    std::ifstream file_;
    std::int64_t left_;
    std::int64_t position_ = 0;
};

/// Millimetres in a unit of length; 1 for an empty name, nothing for other units.
std::optional<double> millimetres_in(std::string_view unit) {
    constexpr std::pair<std::string_view, double> kUnits[] = {{"", 1},
                                                              {"mm", 1},
                                                              {"millimeter", 1},
                                                              {"millimetre", 1},
                                                              {"cm", 10},
                                                              {"centimeter", 10},
                                                              {"centimetre", 10},
                                                              {"m", 1000},
                                                              {"meter", 1000},
                                                              {"metre", 1000},
                                                              {"um", 1e-3},
                                                              {"micron", 1e-3},
                                                              {"\xc2\xb5m", 1e-3},
                                                              {"\xce\xbcm", 1e-3},
                                                              {"micrometer", 1e-3},
                                                              {"micrometre", 1e-3}};
    std::string word = lower(trim(unit));
    if (word.size() > 2 && word.ends_with('s')) word.pop_back();
    for (const auto& [name, mm] : kUnits) {
        if (word == name) return mm;
    }
    return std::nullopt;
}

/// `"mm" "" "s"`: one word for each pair of quotes; words without quotes end at a space.
std::vector<std::string> quoted_words(std::string_view text) {
    std::vector<std::string> words;
    while (!(text = trim(text)).empty()) {
        const bool quoted = text.front() == '"';
        if (quoted) text.remove_prefix(1);
        const std::size_t end =
            std::min(quoted ? text.find('"') : text.find_first_of(" \t"), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// Millimetres in unit `i`, 1 where none is stated (the habit of medical writers), not a number for
/// what is no length.
double factor_of(const std::vector<std::string>& units, std::size_t i) {
    if (i >= units.size()) return 1;
    return millimetres_in(units[i]).value_or(std::numeric_limits<double>::quiet_NaN());
}

/// No part of a direction along an axis of space is none in any unit.
double scaled(double length, double factor) {
    return length == 0 ? 0 : length * factor;
}

class Reader {
  public:
    Reader(const std::filesystem::path& path, const OpenOptions& options)
        : file_(path), path_(path.string()), options_(options) {}

    SequenceHeader metaimage();
    SequenceHeader nrrd();

  private:
    [[noreturn]] void damaged(const std::string& why) const {
        throw IoError(path_, "damaged", why);
    }
    [[noreturn]] void unsupported(const std::string& why) const {
        throw IoError(path_, "unsupported", why);
    }

    void take_field(std::string_view name, std::string_view value);
    void set_size(const std::vector<double>& values);
    void set_data_file(const std::string& name);
    void finish();
    void drop_spacing_in(const std::string& unit);

    std::filesystem::path file_;
    std::string path_;
    const OpenOptions& options_;
    SequenceHeader header_;
};

/// "Seq_Frame0012_Name" goes to frame 12, every other name to the sequence.
void Reader::take_field(std::string_view name, std::string_view value) {
    constexpr std::string_view kPrefix = "Seq_Frame";
    if (!name.starts_with(kPrefix)) {
        header_.fields[std::string(name)] = value;
        return;
    }
    header_.sequence = true;
    name.remove_prefix(kPrefix.size());
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    const auto used = static_cast<std::size_t>(end - name.data());
    if (error != std::errc{} || used >= name.size() || name[used] != '_') return;
    if (index >= static_cast<std::size_t>(options_.max_frames)) return;
    if (header_.frames.size() <= index) header_.frames.resize(index + 1);
    header_.frames[index][std::string(name.substr(used + 1))] = value;
}

void Reader::set_size(const std::vector<double>& values) {
    header_.size.clear();
    for (const double v : values) {
        if (!(v >= 1) || v > 1 << 24 || v != std::floor(v))
            damaged("impossible size in the header");
        header_.size.push_back(static_cast<int>(v));
    }
}

void Reader::set_data_file(const std::string& name) {
    if (name.empty()) damaged("the header names no data file");
    std::filesystem::path data(name);
    if (data.is_relative()) data = file_.parent_path() / data;
    std::error_code error;
    if (!std::filesystem::exists(data, error)) {
        throw IoError(path_, "not-found",
                      "the data file " + printable(name) + " named in the header does not exist");
    }
    header_.data_file = data;
}

void Reader::finish() {
    if (header_.size.size() < 2) damaged("the header states no size of two axes or more");
    while (header_.size.size() > 3 && header_.size.back() == 1)
        header_.size.pop_back();
    if (header_.size.size() > 3) unsupported("more than three axes");
    if (header_.channels != 1 && header_.channels != 3 && header_.channels != 4) {
        unsupported(std::to_string(header_.channels) + " values a pixel");
    }
    if (header_.fields.contains("UltrasoundImageOrientation")) header_.sequence = true;
}

void Reader::drop_spacing_in(const std::string& unit) {
    header_.spacing.reset();
    header_.notes.push_back({"spacing-unit-unknown",
                             "The unit '" + printable(unit) +
                                 "' of the pixel spacing is no length that is known; it was not "
                                 "used."});
}

SequenceHeader Reader::metaimage() {
    Lines lines(file_);
    std::string line, data_name, unit;
    std::optional<std::vector<double>> spacing, matrix, offset;
    std::size_t axes = 0;
    while (lines.next(line)) {
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos) {
            if (trim(line).empty()) continue;
            damaged("a line of the header has no '='");
        }
        const std::string_view name = trim(std::string_view(line).substr(0, equals));
        const std::string_view value = trim(std::string_view(line).substr(equals + 1));
        const std::string word = lower(value);
        if (name == "DimSize") {
            set_size(numbers(value));
        } else if (name == "NDims") {
            axes = static_cast<std::size_t>(std::clamp(parse_number(value).value_or(0), 0.0, 10.0));
        } else if (name == "ElementType") {
            constexpr std::pair<std::string_view, SampleType> kTypes[] = {
                {"met_uchar", SampleType::u8},   {"met_char", SampleType::i8},
                {"met_ushort", SampleType::u16}, {"met_short", SampleType::i16},
                {"met_uint", SampleType::u32},   {"met_int", SampleType::i32},
                {"met_float", SampleType::f32},  {"met_double", SampleType::f64}};
            const auto* known =
                std::find_if(std::begin(kTypes), std::end(kTypes),
                             [&](const auto& entry) { return word == entry.first; });
            if (known == std::end(kTypes)) unsupported("samples of type " + printable(value));
            header_.type = known->second;
        } else if (name == "ElementNumberOfChannels") {
            header_.channels =
                static_cast<int>(std::clamp(parse_number(value).value_or(0), 0.0, 100.0));
        } else if (name == "ElementByteOrderMSB" || name == "BinaryDataByteOrderMSB") {
            header_.big_endian = word == "true" || word == "1";
        } else if (name == "CompressedData") {
            header_.compressed = word == "true" || word == "1";
        } else if (name == "BinaryData") {
            if (word != "true" && word != "1") unsupported("pixels written as text");
        } else if (name == "HeaderSize") {
            header_.data_offset =
                static_cast<std::int64_t>(std::clamp(parse_number(value).value_or(0), -1.0, 1e15));
        } else if (name == "ElementSpacing") {
            spacing = numbers(value);
        } else if (name == "DistanceUnits") {
            unit = word == "?" ? std::string() : std::string(value);
        } else if (name == "TransformMatrix") {
            matrix = numbers(value);
        } else if (name == "Offset" || name == "Position" || name == "Origin") {
            offset = numbers(value);
        } else if (name == "ElementDataFile") {
            data_name = value;
            break;  // the last field: pixels follow
        } else {
            take_field(name, value);
        }
    }
    if (data_name.empty())
        throw IoError(path_, "truncated", "the header does not name its data (ElementDataFile)");
    if (axes != 0 && axes != header_.size.size()) damaged("NDims and DimSize disagree");
    if (data_name == "LOCAL" || data_name == "Local" || data_name == "local") {
        header_.data_file = file_;
        header_.data_offset = lines.position();
    } else if (data_name.starts_with("LIST") || data_name.find('%') != std::string::npos) {
        unsupported("pixels spread over several files");
    } else {
        set_data_file(data_name);
    }
    const auto mm = millimetres_in(unit);
    for (auto* lengths : {&spacing, &offset}) {
        if (!mm || !*lengths) continue;
        for (double& v : **lengths)
            v *= *mm;
    }
    if (spacing && spacing->size() >= 2) header_.spacing = Spacing{(*spacing)[0], (*spacing)[1]};
    if (!mm) {
        drop_spacing_in(unit);
        spacing.reset();
    }
    if (spacing && matrix && offset && spacing->size() == 3 && matrix->size() == 9 &&
        offset->size() == 3) {
        // Row i of TransformMatrix is the direction of axis i; MetaImage's axes are LPS.
        Eigen::Matrix4d volume = Eigen::Matrix4d::Identity();
        for (int axis = 0; axis < 3; ++axis) {
            const auto a = static_cast<std::size_t>(axis);
            for (int i = 0; i < 3; ++i) {
                volume(i, axis) = (*matrix)[3 * a + static_cast<std::size_t>(i)] * (*spacing)[a];
            }
            volume(axis, 3) = (*offset)[a];
        }
        header_.volume = volume;
    }
    finish();
    return std::move(header_);
}

/// "(0.36,0,0) (0,0.36,0) none": one vector an axis, empty for none.
std::vector<std::vector<double>> parse_directions(std::string_view text) {
    std::vector<std::vector<double>> axes;
    while (!(text = trim(text)).empty()) {
        if (text.front() == '(') {
            const std::size_t end = text.find(')');
            if (end == std::string_view::npos) return {};
            std::string inner(text.substr(1, end - 1));
            std::replace(inner.begin(), inner.end(), ',', ' ');
            axes.push_back(numbers(inner));
            text.remove_prefix(end + 1);
        } else {
            axes.emplace_back();
            text.remove_prefix(std::min(text.find_first_of(" \t"), text.size()));
        }
    }
    return axes;
}

SequenceHeader Reader::nrrd() {
    Lines lines(file_);
    std::string line;
    lines.next(line);  // the magic
    std::map<std::string, std::string> known;
    bool ended = false;
    while (lines.next(line)) {
        if (line.empty()) {
            ended = true;  // pixels follow
            break;
        }
        if (line[0] == '#') continue;
        const std::size_t key = line.find(":=");
        if (key != std::string::npos) {
            // PLUS writes "ultrasound image orientation:=MF" here and "UltrasoundImageOrientation"
            // in MetaImage.
            std::string name(trim(std::string_view(line).substr(0, key)));
            if (name == "ultrasound image orientation") name = "UltrasoundImageOrientation";
            take_field(name, trim(std::string_view(line).substr(key + 2)));
            continue;
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) damaged("a line of the header has no ':'");
        known[lower(trim(std::string_view(line).substr(0, colon)))] =
            trim(std::string_view(line).substr(colon + 1));
    }
    const auto field = [&](const char* name, const char* short_name = "") {
        const auto it = known.find(name);
        if (it != known.end()) return it->second;
        const auto other = known.find(short_name);
        return other != known.end() ? other->second : std::string();
    };

    constexpr std::pair<std::string_view, SampleType> kTypes[] = {
        {"uchar", SampleType::u8},           {"unsigned char", SampleType::u8},
        {"uint8", SampleType::u8},           {"uint8_t", SampleType::u8},
        {"signed char", SampleType::i8},     {"int8", SampleType::i8},
        {"int8_t", SampleType::i8},          {"short", SampleType::i16},
        {"int16", SampleType::i16},          {"int16_t", SampleType::i16},
        {"signed short", SampleType::i16},   {"ushort", SampleType::u16},
        {"uint16", SampleType::u16},         {"uint16_t", SampleType::u16},
        {"unsigned short", SampleType::u16}, {"int", SampleType::i32},
        {"int32", SampleType::i32},          {"int32_t", SampleType::i32},
        {"uint", SampleType::u32},           {"uint32", SampleType::u32},
        {"uint32_t", SampleType::u32},       {"unsigned int", SampleType::u32},
        {"float", SampleType::f32},          {"double", SampleType::f64}};
    const std::string type = lower(field("type"));
    const auto* entry = std::find_if(std::begin(kTypes), std::end(kTypes),
                                     [&](const auto& e) { return type == e.first; });
    if (entry == std::end(kTypes)) unsupported("samples of type '" + printable(type) + "'");
    header_.type = entry->second;

    const std::string encoding = lower(field("encoding"));
    if (encoding == "gz" || encoding == "gzip") {
        header_.compressed = true;
    } else if (encoding != "raw") {
        unsupported(encoding.empty() ? std::string("its header names no encoding")
                                     : "encoding '" + printable(encoding) + "'");
    }
    header_.big_endian = lower(field("endian")) == "big";
    set_size(numbers(field("sizes")));

    // Colour comes as a first axis of 3 or 4; the axes after it are those of the picture.
    const std::string kinds = lower(field("kinds"));
    const bool colour_kind = kinds.starts_with("rgb") || kinds.starts_with("vector") ||
                             kinds.starts_with("list ") || kinds.starts_with("3-") ||
                             kinds.starts_with("4-");
    std::size_t first_axis = 0;
    if (header_.size.size() >= 3 && colour_kind && header_.size[0] <= 4) {
        header_.channels = header_.size[0];
        header_.size.erase(header_.size.begin());
        first_axis = 1;
    }
    const std::size_t last_kind = kinds.find_last_of(" \t");
    if (last_kind != std::string::npos && (kinds.ends_with("list") || kinds.ends_with("time")) &&
        header_.size.size() == 3) {
        header_.sequence = true;
    }

    auto directions = parse_directions(field("space directions"));
    auto spacings = numbers(field("spacings"));
    auto origin = parse_directions(field("space origin"));
    // "space units" belong to the axes of space and so to the parts of every direction, "units" to
    // the axes of the picture. A file should not state both, nor "units" beside directions; where
    // one does so all the same, they say what an axis' steps are.
    const auto space_units = quoted_words(field("space units"));
    const auto axis_units = quoted_words(field("units"));
    const auto factor = [&](std::size_t axis, std::size_t i) {
        return space_units.empty() ? factor_of(axis_units, axis) : factor_of(space_units, i);
    };
    for (std::size_t axis = first_axis; axis < directions.size(); ++axis) {
        for (std::size_t i = 0; i < directions[axis].size(); ++i)
            directions[axis][i] = scaled(directions[axis][i], factor(axis, i));
    }
    for (std::size_t axis = first_axis; axis < spacings.size(); ++axis)
        spacings[axis] *= factor_of(axis_units, axis);
    for (auto& lengths : origin) {
        for (std::size_t i = 0; i < lengths.size(); ++i)
            lengths[i] = scaled(lengths[i], factor(first_axis + i, i));
    }
    const auto norm = [](const std::vector<double>& v) {
        return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
    };
    if (directions.size() >= first_axis + 2 && !directions[first_axis].empty() &&
        !directions[first_axis + 1].empty()) {
        header_.spacing = Spacing{norm(directions[first_axis]), norm(directions[first_axis + 1])};
    } else if (spacings.size() >= first_axis + 2) {
        header_.spacing = Spacing{spacings[first_axis], spacings[first_axis + 1]};
    }
    const auto& units = directions.empty() || space_units.empty() ? axis_units : space_units;
    const auto strange = std::find_if(units.begin(), units.end(),
                                      [](const auto& unit) { return !millimetres_in(unit); });
    // A strange unit of an axis that is none of the picture's (time) does no harm.
    if (header_.spacing && strange != units.end() &&
        std::isnan(header_.spacing->x_mm + header_.spacing->y_mm))
        drop_spacing_in(*strange);
    // Patient axes: RAS and LAS become LPS here.
    const std::string space = lower(field("space"));
    const bool ras = space == "right-anterior-superior" || space == "ras";
    const bool las = space == "left-anterior-superior" || space == "las";
    const bool lps = space == "left-posterior-superior" || space == "lps";
    if ((ras || las || lps) && directions.size() == first_axis + 3 && origin.size() == 1 &&
        origin[0].size() == 3) {
        Eigen::Matrix4d volume = Eigen::Matrix4d::Identity();
        bool complete = true;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const auto& direction = directions[first_axis + axis];
            complete = complete && direction.size() == 3;
            for (std::size_t i = 0; complete && i < 3; ++i) {
                volume(static_cast<int>(i), static_cast<int>(axis)) = direction[i];
            }
            volume(static_cast<int>(axis), 3) = origin[0][axis];
        }
        if (ras) volume.row(0) *= -1;
        if (ras || las) volume.row(1) *= -1;
        if (complete && (strange == units.end() || volume.allFinite())) header_.volume = volume;
    }

    if (const auto skip = field("line skip", "lineskip"); !skip.empty() && skip != "0")
        unsupported("line skip");
    const double byte_skip = parse_number(field("byte skip", "byteskip")).value_or(0);
    const std::string data_name = field("data file", "datafile");
    if (data_name.empty()) {
        if (!ended) throw IoError(path_, "truncated", "the NRRD header does not end");
        header_.data_file = file_;
        header_.data_offset = lines.position();
    } else {
        if (data_name.starts_with("LIST") || data_name.find('%') != std::string::npos) {
            unsupported("pixels spread over several files");
        }
        set_data_file(data_name);
    }
    if (byte_skip != 0) {
        if (byte_skip == -1) {
            header_.data_offset = -1;
        } else {
            header_.data_offset += static_cast<std::int64_t>(std::clamp(byte_skip, 0.0, 1e15));
        }
    }
    finish();
    return std::move(header_);
}

}  // namespace

int bytes_of(SampleType type) {
    switch (type) {
        case SampleType::u8:
        case SampleType::i8:
            return 1;
        case SampleType::u16:
        case SampleType::i16:
            return 2;
        case SampleType::u32:
        case SampleType::i32:
        case SampleType::f32:
            return 4;
        case SampleType::f64:
            break;
    }
    return 8;
}

std::optional<double> parse_number(std::string_view text) {
    text = trim(text);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Eigen::Matrix4d> parse_matrix(const std::string& text) {
    const std::vector<double> values = numbers(text);
    if (values.size() != 16) return std::nullopt;
    Eigen::Matrix4d matrix;
    for (int row = 0; row < 4; ++row) {
        for (int column = 0; column < 4; ++column) {
            matrix(row, column) = values[static_cast<std::size_t>(4 * row + column)];
        }
    }
    return matrix;
}

SequenceHeader read_sequence_header(const std::filesystem::path& path, Format format,
                                    const OpenOptions& options) {
    Reader reader(path, options);
    return format == Format::nrrd ? reader.nrrd() : reader.metaimage();
}

}  // namespace guide::io
