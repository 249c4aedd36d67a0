// SPDX-License-Identifier: Apache-2.0
#include "phantom_files.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>
#include <guide/io/write.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace guide::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSequence = "sequence.dcm";
/// In the truth of a frame until the file it belongs to is there.
const std::string kUnknownHash(64, '-');

Image<std::uint8_t> grey_of(const Frame& frame) {
    Image<std::uint8_t> grey(frame.intensity.width(), frame.intensity.height());
    for (std::size_t i = 0; i < grey.size(); ++i) {
        grey.data()[i] = static_cast<std::uint8_t>(
            std::lround(std::min(255.0F, std::max(0.0F, frame.intensity.data()[i]))));
    }
    return grey;
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw IoError(folder.string(), "cannot-write", "cannot be made: " + error.message());
}

void write_picture(const fs::path& file, const Frame& frame) {
    if (frame.colour.width() > 0) {
        io::write_png(file, frame.colour.view());
    } else {
        io::write_mask_png(file, grey_of(frame).view());
    }
}

std::string frame_name(int number) {
    char text[32];
    std::snprintf(text, sizeof text, "frame_%04d", number);
    return text;
}

}  // namespace

PhantomFiles::PhantomFiles(fs::path folder, std::string name, bool dicom, report::Case c)
    : folder_(std::move(folder)), name_(std::move(name)), dicom_(dicom), case_(std::move(c)) {}

void PhantomFiles::add(PhantomFrame& made) {
    const int frames = case_.sequence.frames;
    const bool in_one_file = dicom_ && frames > 1;
    const std::string name = frames == 1 ? name_ : frame_name(index_);
    report::TruthOrigin origin;
    origin.source.frame = index_;
    origin.labels_file = "labels/" + name + ".png";
    origin.mask_file = "masks/" + name + ".png";
    origin.frames = frames;
    origin.time_s = index_ / case_.sequence.frames_per_s;
    made.tags.study = report::case_json(case_);
    made.tags.description = case_.title;
    if (in_one_file) add_to_sequence(made);  // too many frames are told before anything is there
    if (index_ == 0) {
        for (const char* part : {"labels", "masks", "truth"})
            make_folder(folder_ / part);
        if (made.camera) {  // the arm stands still
            make_folder(folder_ / "calibration");
            io::write_mayacam(folder_ / "calibration" / (name_ + ".txt"), *made.camera);
        }
    }
    io::write_mask_png(folder_ / origin.labels_file, made.labels.view());
    io::write_mask_png(folder_ / origin.mask_file, made.mask.view());
    if (in_one_file) {
        origin.source.file = kSequence;
        origin.source.sha256 = kUnknownHash;
        truths_.push_back(made.truth_json(origin));
        if (index_ + 1 == frames) finish_sequence();
    } else {
        origin.source.file = name + (dicom_ ? ".dcm" : ".png");
        write_one(origin, made);
    }
    if (made.second) {
        if (!second_)
            second_ = std::make_unique<PhantomFiles>(folder_ / kSecondView, name_, dicom_, case_);
        // Of the same series, numbered on.
        made.second->tags.instance += case_.sequence.frames;
        second_->add(*made.second);
    }
    ++index_;
}

void PhantomFiles::write_one(const report::TruthOrigin& given, PhantomFrame& made) {
    report::TruthOrigin origin = given;
    const fs::path file = folder_ / origin.source.file;
    if (dicom_) {
        made.tags.instance += index_;
        io::write_dicom(file, made.frame, made.tags);
    } else {
        write_picture(file, made.frame);
    }
    origin.source.sha256 = io::sha256_of_file(file);
    io::write_text(folder_ / "truth" / file.stem().concat(".json"), made.truth_json(origin));
}

void PhantomFiles::add_to_sequence(PhantomFrame& made) {
    if (!sequence_) {
        sequence_.emplace(folder_ / kSequence, made.tags, case_.sequence.frames,
                          case_.sequence.frames_per_s);
    }
    sequence_->add(made.frame);
}

void PhantomFiles::finish_sequence() {
    sequence_->finish();
    const std::string hash = io::sha256_of_file(folder_ / kSequence);
    for (std::size_t i = 0; i < truths_.size(); ++i) {
        std::string& text = truths_[i];
        if (const auto at = text.find(kUnknownHash); at != std::string::npos)
            text.replace(at, kUnknownHash.size(), hash);
        io::write_text(folder_ / "truth" / (frame_name(static_cast<int>(i)) + ".json"), text);
    }
}

}  // namespace guide::app
